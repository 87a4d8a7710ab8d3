import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { isEachOnce } from '../bench/compare-effects.ts';
import { formatReport, type BenchReport } from '../bench/report.ts';
import { runBench } from '../bench/run-bench.ts';
import { createClancyClient } from '../cli/client/clancy-client.ts';
import { developmentTokens } from '../cli/client/development-token.ts';
import { makeTempFolder } from '../dev/processes/temp-folder.ts';
import { formatStep, type Step } from '../dev/progress.ts';
import { createSandboxClient } from '../dev/sandbox/client.ts';
import type { Stack } from '../dev/stack/start-stack.ts';
import { withStack } from '../dev/stack/with-stack.ts';

const DEFAULT_RUNS = 200;
const MAX_RUNS = 10_000;
const HELP = `npm run bench: how fast this machine runs AI employees

Starts the embedded stack in a temporary folder, measures runs at 1 and at 20 at a time and what ConnectHub adds to a
provider's answer, checks that each message was made once, and leaves nothing behind. Report on stdout, progress on stderr.

  npm run bench -- --runs N      runs of each kind, and calls each way (${DEFAULT_RUNS})
  npm run bench -- --json FILE   writes the report as JSON too
  npm run bench -- --help        this text

Everything shares this machine's cores: compare figures of one report with each other, not with another machine's.
Exit codes: 0 done, 1 something failed or a message was not made exactly once, 2 not understood, 130 interrupted.
`;

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
  let report: BenchReport | undefined;
  const code = await onOwnStack(async (stack) => {
    report = await withTemporal(stack, (temporal) => benchOn(stack, temporal, command.runs));
  });
  if (report === undefined || code !== 0) return code;
  console.log(formatReport(report));
  if (command.jsonFile !== undefined) await writeFile(command.jsonFile, `${JSON.stringify(report, null, 2)}\n`);
  return isEachOnce(report.effects) ? 0 : 1;
}

/** What is wrong with the command, as a sentence, where it is not understood. */
function readCommand(): { isHelp: boolean; runs: number; jsonFile: string | undefined } | string {
  try {
    const { values } = parseArgs({
      options: { help: { type: 'boolean', short: 'h' }, runs: { type: 'string' }, json: { type: 'string' } },
    });
    const runs = Number(values.runs ?? DEFAULT_RUNS);
    if (!Number.isInteger(runs) || runs < 1 || runs > MAX_RUNS) return `--runs takes a whole number from 1 to ${MAX_RUNS}`;
    return { isHelp: values.help === true, runs, jsonFile: values.json };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function onOwnStack(work: (stack: Stack) => Promise<void>): Promise<number> {
  const folder = await makeTempFolder('clancy-bench');
  const onError = (message: string): void => console.error(`The benchmark failed: ${message}`);
  try {
    return await withStack({ dir: folder.path, env: process.env, log, onError }, work);
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

function benchOn(stack: Stack, temporal: Client, runs: number): Promise<BenchReport> {
  const person = { user_id: 'user_bench', org_id: `org_${randomBytes(14).toString('hex')}`, role: 'admin' };
  const client = createClancyClient({
    apiUrl: stack.urls.api,
    connecthubUrl: stack.urls.connecthub,
    token: developmentTokens({ issuersUrl: stack.urls.issuers, person, nowMs: Date.now }),
  });
  return runBench({ stack, client, sandbox: createSandboxClient(stack.urls.sandbox), temporal, runs, log });
}
