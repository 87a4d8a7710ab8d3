import { parseArgs } from 'node:util';
import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { WORKER_DEPLOYMENT } from '../activities/agent-worker/deployment.ts';
import { TASK_QUEUES } from '../contracts/run.ts';
import { waitUntil } from '../dev/processes/wait-until.ts';
import { ensureNamespace } from '../dev/temporal/namespaces.ts';
import { readBuild } from '../platform/build/build.ts';
import { makeInstallationSecrets, makeNextSigningKey } from '../platform/secrets/installation-secrets.ts';
import { listVersions, makeCurrent, type Deployment } from '../platform/temporal/deployments.ts';
import { loadOfBuild, loadOfQueue, type QueueLoad } from '../platform/temporal/queues.ts';

const HELP = `Usage: node dist/bin/deploy.js <command>

  prepare                    makes the namespace and its search attributes where they are missing
  current [--build <id>]     sends new runs to this build, or to another one whose workers are up: a rollback.
          [--wait <seconds>] Waits for its workers, 60 s unless said otherwise
  secrets                    writes the project's name and new secrets for docker-compose.temporal.yml, as lines of its
                             environment file
          [--signing-key]    only a new SIGNING_KEY, and with it RUN_TICKET_JWKS, the new key before those of the
                             environment, and PREVIOUS_TICKET_JWKS
  status                     lists the builds: current, draining (runs of it are open: leave its workers up), drained; how
                             many workers of each ask for work and how many tasks of its runs wait; those of new runs, which
                             no build has taken yet; those of Agent-Core's own queue

  --help  show this text

Environment
  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS*   as the Temporal CLI reads them
  RUN_TICKET_JWKS                                                         for secrets --signing-key

Exit codes: 0 done, 1 Temporal refused or could not be reached, 2 wrong arguments.
`;

const COMMANDS: readonly string[] = ['prepare', 'current', 'status', 'secrets'];

class UsageError extends Error {}

async function main(): Promise<void> {
  const { command, build, waitMs, isSigningKey, help } = readArguments();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  if (command === 'secrets') {
    writeVariables(isSigningKey ? nextSigningKey() : { COMPOSE_PROJECT_NAME: 'clancy', ...makeInstallationSecrets() });
    return;
  }
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: '10s' });
  const deployment = { namespace, name: WORKER_DEPLOYMENT };
  try {
    if (command === 'prepare') await prepare(connection, namespace);
    else if (command === 'status') await showStatus(connection, deployment);
    else await setCurrent(connection, deployment, build ?? (await ownBuild()), waitMs);
  } finally {
    await connection.close();
  }
}

/** In single quotes, in which Compose and shells change nothing; no value holds one. */
function writeVariables(variables: { [name: string]: string }): void {
  for (const [name, value] of Object.entries(variables)) process.stdout.write(`${name}='${value}'\n`);
}

function nextSigningKey(): { [variable: string]: string } {
  const { RUN_TICKET_JWKS: published } = process.env;
  if (!published) throw new UsageError('RUN_TICKET_JWKS is not set: with a new key alone no ticket of an open run would hold');
  try {
    return makeNextSigningKey(published);
  } catch (error) {
    throw new UsageError(`RUN_TICKET_JWKS: ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
}

async function prepare(connection: Connection, namespace: string): Promise<void> {
  await ensureNamespace(connection, namespace);
  process.stdout.write(`namespace ${namespace} is ready\n`);
}

async function setCurrent(connection: Connection, deployment: Deployment, buildId: string, timeoutMs: number): Promise<void> {
  // Temporal itself would take a build whose last worker ended minutes ago: new runs would stand still.
  const isServed = async () =>
    (await listVersions(connection, deployment)).some((version) => version.buildId === buildId) &&
    (await loadOfBuild(connection, deployment, buildId, Date.now())).workers > 0;
  await waitUntil(isServed, { timeoutMs, everyMs: 250, what: `a worker of build ${buildId}` });
  await makeCurrent(connection, deployment, buildId);
  process.stdout.write(`new runs go to build ${buildId}\n`);
}

async function showStatus(connection: Connection, deployment: Deployment): Promise<void> {
  const versions = await listVersions(connection, deployment);
  if (versions.length === 0) process.stdout.write('no worker of any build has asked for work yet\n');
  for (const { buildId, state } of versions) {
    const load = await loadOfBuild(connection, deployment, buildId, Date.now());
    process.stdout.write(`${buildId}  ${state}  ${inWords(load)}\n`);
  }
  const fresh = await loadOfQueue(connection, deployment.namespace, TASK_QUEUES.workers, Date.now());
  process.stdout.write(`new runs  ${waitingInWords(fresh)}\n`);
  const own = await loadOfQueue(connection, deployment.namespace, TASK_QUEUES.agentCore, Date.now());
  process.stdout.write(`${TASK_QUEUES.agentCore}  ${inWords(own)}\n`);
}

function inWords(load: QueueLoad): string {
  const { workers } = load;
  const asking = workers === 0 ? 'no worker' : `${workers} ${workers === 1 ? 'worker' : 'workers'}`;
  return `${asking}, ${waitingInWords(load)}`;
}

function waitingInWords({ waiting, oldestMs }: QueueLoad): string {
  const oldest = waiting === 0 ? '' : `, the oldest for ${Math.round(oldestMs / 1_000)} s`;
  return `${waiting} ${waiting === 1 ? 'task waits' : 'tasks wait'}${oldest}`;
}

async function ownBuild(): Promise<string> {
  const build = await readBuild(new URL('../', import.meta.url));
  if (!build) throw new UsageError('these are the sources, not a build: name one with --build, or run node dist/bin/deploy.js');
  return build.buildId;
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        build: { type: 'string' },
        wait: { type: 'string', default: '60' },
        'signing-key': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [command, ...others] = positionals;
    const isKnown = COMMANDS.includes(command ?? '');
    if (!values.help && (!isKnown || others.length > 0)) throw new UsageError(HELP);
    const waitMs = Number(values.wait) * 1_000;
    if (!Number.isFinite(waitMs) || waitMs < 0) throw new UsageError('--wait: expected seconds');
    return { command, build: values.build, waitMs, isSigningKey: values['signing-key'], help: values.help };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : String(error));
  }
}

await main().catch((error: unknown) => {
  process.exitCode = error instanceof UsageError ? 2 : 1;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
});
