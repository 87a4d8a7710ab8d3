import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '../dev/processes/free-port.ts';
import { formatStep } from '../dev/progress.ts';
import type { Stack } from '../dev/stack/start-stack.ts';
import { removeStateFile, writeStateFile } from '../dev/stack/state-file.ts';
import { watchParts } from '../dev/stack/watch-parts.ts';
import { withStack } from '../dev/stack/with-stack.ts';

const HELP = `npm run dev: the whole product on embedded parts, kept until Ctrl-C

Starts PostgreSQL, Temporal with its Web UI, local identity issuers, a Slack sandbox, Agent-Core, ConnectHub and a worker.
State lives in .clancy/dev and is there again at the next start (the Slack sandbox forgets its messages and tokens: connect it again).

Real parts are used where their variables are set: DATABASE_URL, TEMPORAL_ADDRESS, MODEL_NAME with MODEL_API_KEY or
MODEL_BASE_URL (and MODEL_KIND). OTEL_EXPORTER_OTLP_ENDPOINT is where traces go. CLANCY_TEMPORAL_CLI names a Temporal binary,
CLANCY_CACHE_DIR the folder for built ones.
`;

const MODEL = ['MODEL_KIND', 'MODEL_BASE_URL', 'MODEL_API_KEY', 'MODEL_NAME'];
const TRACES = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS'];

const PERSON = { user_id: 'user_dev', org_id: 'org_dev', role: 'admin' };

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });
if (values.help) console.log(HELP);
// A start that was interrupted may still be under way: what it spawns ends with this process.
else process.exit(await main());

async function main(): Promise<number> {
  const folder = join(process.cwd(), '.clancy');
  const stateFile = join(folder, 'dev.json');
  const ports = { api: await freePort(), connecthub: await freePort(), worker: await freePort() };
  const options = {
    dir: join(folder, 'dev'),
    env: process.env,
    log: (step: Parameters<typeof formatStep>[0]) => console.log(formatStep(step)),
    onError: (message: string) => console.error(message),
    extra: {
      api: { ...own([...TRACES, ...MODEL]), METRICS_PORT: String(ports.api) },
      connecthub: { ...own(TRACES), METRICS_PORT: String(ports.connecthub) },
      worker: { ...own([...TRACES, ...MODEL]), PORT: String(ports.worker) },
    },
  };
  return withStack(options, async (stack, interrupted) => {
    await writeStateFile(stateFile, stack, PERSON);
    console.log(describeStack(stack, ports));
    const watch = watchParts(stack.parts, (message) => console.error(message));
    await interrupted;
    watch.end();
    console.log('\nstopping ...');
    await removeStateFile(stateFile, stack);
  });
}

/** Those of these variables that are set here. */
function own(names: readonly string[]): { [variable: string]: string } {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function describeStack(stack: Stack, ports: Readonly<Record<'api' | 'connecthub' | 'worker', number>>): string {
  const metrics = Object.entries(ports).map(([name, port]) => `http://127.0.0.1:${port}/metrics (${name})`);
  return `
  Agent-Core    ${stack.urls.api}/docs
  ConnectHub    ${stack.urls.connecthub}/docs
  Temporal UI   ${stack.temporal.uiUrl ?? 'see your Temporal server'}
  Slack sandbox ${stack.urls.sandbox}
  Metrics       ${metrics.join('\n                ')}

In another terminal of this folder:

  npm run -s clancy -- connections connect slack --follow
  npm run -s clancy -- employees create --file examples/slack-digest-writer.md

Or with curl:

  TOKEN=$(curl -s ${stack.urls.issuers}/people/token -H 'content-type: application/json' \\
    -d '${JSON.stringify(PERSON)}' | node -p 'JSON.parse(fs.readFileSync(0, "utf8")).token')
  curl -s ${stack.urls.api}/v1/employees -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\
    -H 'idempotency-key: first' -d '{"job_description":"Every Monday at 10:00 UTC post a digest of #support in #digest."}'

Ctrl-C ends everything.`;
}
