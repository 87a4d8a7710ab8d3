import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { boundsSchema, type Bounds } from '../bench/bounds.ts';
import type { HistorySize } from '../bench/hub/fill-history.ts';
import { isEachOnce } from '../bench/compare-effects.ts';
import { formatProfiles, profiling, type Profiled } from '../bench/profile/profiles.ts';
import { formatReport } from '../bench/report.ts';
import { runBench, type BenchResult } from '../bench/run-bench.ts';
import { createClancyClient } from '../cli/client/clancy-client.ts';
import { developmentTokens } from '../cli/client/development-token.ts';
import { freePort } from '../dev/processes/free-port.ts';
import { makeTempFolder } from '../dev/processes/temp-folder.ts';
import { formatStep, type Step } from '../dev/progress.ts';
import { createSandboxClient } from '../dev/sandbox/client.ts';
import type { Environment } from '../dev/stack/environment.ts';
import type { Stack } from '../dev/stack/start-stack.ts';
import { withStack } from '../dev/stack/with-stack.ts';

const DEFAULT_RUNS = 200;
const MAX_RUNS = 10_000;
const DEFAULT_RECEIPTS = 100_000;
const MAX_RECEIPTS = 20_000_000;
const DEFAULT_CONNECTIONS = 1_000;
const MAX_CONNECTIONS = 1_000_000;
const HELP = `npm run bench: how fast this machine runs AI employees

Starts the embedded stack in a temporary folder and compares runs with an inline skill and with a child workflow with the
shortest hand-written Temporal program that does the same, at 1 and at 20 at a time, in turns; and what ConnectHub adds to
a provider's answer. This process is the load alone. Checks that each message was made once, and leaves nothing behind.
Report on stdout, progress on stderr.

  npm run bench -- --runs N          runs of each shape at each load, and calls each way (${DEFAULT_RUNS})
  npm run bench -- --receipts N --connections M
                                     what a copy of the database is filled with, for calls beside a year of others
                                     (${DEFAULT_RECEIPTS} and ${DEFAULT_CONNECTIONS})
  npm run bench -- --json FILE       writes the report as JSON too
  npm run bench -- --profile FOLDER  writes a CPU profile of worker, api and ConnectHub, and prints where their time goes;
                                     the profiler slows them: read times without it
  npm run bench -- --help            this text

Everything shares this machine's cores: compare figures of one report with each other, not with another machine's.
Exit codes: 0 done, 1 something failed, a message was not made exactly once, or a ratio is above its bound
(bench/bounds.json), 2 not understood, 130 interrupted.
`;

type Extra = { readonly [process in Profiled]?: Environment };

const log = (step: Step): void => console.error(formatStep(step));
// What an interrupted benchmark still has under way ends with this process.
process.exit(await main());

async function main(): Promise<number> {
  const command = readCommand();
  if (typeof command === 'string') {
    console.error(`${command}\n\n${HELP}`);
    return 2;
  }
  if (command.isHelp) {
    console.log(HELP);
    return 0;
  }
  const bounds = boundsSchema.parse(JSON.parse(await readFile(new URL('../bench/bounds.json', import.meta.url), 'utf8')));
  const profiled: Extra = command.profileFolder === undefined ? {} : await profiling(command.profileFolder);
  const metricsPort = await freePort();
  const extra: Extra = { ...profiled, connecthub: { ...profiled.connecthub, METRICS_PORT: String(metricsPort) } };
  const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
  let result: BenchResult | undefined;
  const code = await onOwnStack(extra, async (stack) => {
    result = await withTemporal(stack, (temporal) =>
      benchOn(stack, temporal, { runs: command.runs, history: command.history, metricsUrl, bounds, extra }),
    );
  });
  if (result === undefined || code !== 0) return code;
  const { report, measured } = result;
  console.log(formatReport(report));
  if (command.profileFolder !== undefined) console.log(`\n${await formatProfiles(command.profileFolder, measured)}`);
  if (command.jsonFile !== undefined) await writeFile(command.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
  return isEachOnce(report.effects) && report.exceeded.length === 0 ? 0 : 1;
}

interface Command {
  readonly isHelp: boolean;
  readonly runs: number;
  readonly history: HistorySize;
  readonly jsonFile: string | undefined;
  readonly profileFolder: string | undefined;
}

/** What is wrong with the command, as a sentence, where it is not understood. */
function readCommand(): Command | string {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', short: 'h' },
        runs: { type: 'string' },
        receipts: { type: 'string' },
        connections: { type: 'string' },
        json: { type: 'string' },
        profile: { type: 'string' },
      },
    });
    const runs = Number(values.runs ?? DEFAULT_RUNS);
    const receipts = Number(values.receipts ?? DEFAULT_RECEIPTS);
    const connections = Number(values.connections ?? DEFAULT_CONNECTIONS);
    const wrong = [
      outside('--runs', runs, MAX_RUNS),
      outside('--receipts', receipts, MAX_RECEIPTS),
      outside('--connections', connections, MAX_CONNECTIONS),
    ].find((sentence) => sentence !== undefined);
    if (wrong !== undefined) return wrong;
    const profileFolder = values.profile === undefined ? undefined : resolve(values.profile);
    return { isHelp: values.help === true, runs, history: { receipts, connections }, jsonFile: values.json, profileFolder };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function outside(option: string, value: number, most: number): string | undefined {
  return Number.isInteger(value) && value >= 1 && value <= most ? undefined : `${option} takes a whole number from 1 to ${most}`;
}

async function onOwnStack(extra: Extra, work: (stack: Stack) => Promise<void>): Promise<number> {
  const folder = await makeTempFolder('clancy-bench');
  const onError = (message: string): void => console.error(`The benchmark failed: ${message}`);
  try {
    // The load reads inputs and results itself, and has no keys.
    const env = { ...process.env, PAYLOAD_ENCRYPTION: undefined };
    return await withStack({ dir: folder.path, env, log, onError, extra }, work);
  } finally {
    await folder.remove();
  }
}

/** Closed before the server is stopped: otherwise what an interrupted benchmark still asks is repeated for half a minute. */
async function withTemporal<T>({ temporal }: Stack, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    return await work(new Client({ connection, namespace: temporal.namespace }));
  } finally {
    await connection.close();
  }
}

function benchOn(
  stack: Stack,
  temporal: Client,
  { extra, ...given }: { runs: number; history: HistorySize; metricsUrl: string; bounds: Bounds; extra: Extra },
): Promise<BenchResult> {
  const { api: apiUrl, connecthub: connecthubUrl, issuers: issuersUrl } = stack.urls;
  const personOf = (orgId: string) => {
    const person = { user_id: 'user_bench', org_id: orgId, role: 'admin' };
    const token = developmentTokens({ issuersUrl, person, nowMs: Date.now });
    return { token, client: createClancyClient({ apiUrl, connecthubUrl, token }) };
  };
  const { client } = personOf(`org_${randomBytes(14).toString('hex')}`);
  const floorEnv = extra['bench-floor'] ?? {};
  return runBench({
    stack,
    client,
    sandbox: createSandboxClient(stack.urls.sandbox),
    temporal,
    personOf,
    ...given,
    floorEnv,
    log,
  });
}
