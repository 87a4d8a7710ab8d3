import type { Client } from '@temporalio/client';
import type { ClancyClient } from '../cli/client/clancy-client.ts';
import type { Progress } from '../dev/progress.ts';
import type { SandboxClient } from '../dev/sandbox/client.ts';
import type { Stack } from '../dev/stack/start-stack.ts';
import { connectSlack } from '../test/stack/connect-slack.ts';
import { hireWith } from '../test/stack/hire.ts';
import { compareEffects } from './compare-effects.ts';
import { postingEmployee, waitingEmployee } from './employees.ts';
import { machineFacts } from './machine-facts.ts';
import { measureProxy, type ProxyFigures } from './measure-proxy.ts';
import { measureRuns, type RunFigures } from './measure-runs.ts';
import { openRun } from './open-run.ts';
import type { BenchReport } from './report.ts';

export interface BenchOptions {
  readonly stack: Stack;
  readonly client: ClancyClient;
  readonly sandbox: SandboxClient;
  readonly temporal: Client;
  /** Of each measurement. */
  readonly runs: number;
  readonly log: Progress;
}

const AT_A_TIME = [1, 20];
/** Fills caches, pools and the compilers of all processes. */
const WARM_UP_RUNS = 60;

/** Hires, warms up and measures, on a stack that does nothing else. @throws Error at the first run or call that fails. */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const { client, sandbox, stack } = options;
  const machine = machineFacts();
  const texts: string[] = [];
  const nextText = (): string => {
    const text = `bench message ${texts.length + 1}`;
    texts.push(text);
    return text;
  };
  const team = await connectSlack(client, sandbox);
  const runs = await runFigures(options, await hireWith(client, stack.databases.owner, postingEmployee), nextText);
  const proxy = await proxyFigures(options, await hireWith(client, stack.databases.owner, waitingEmployee), team, nextText);
  const seen = (await sandbox.effects(team)).map(({ text }) => text ?? '');
  return { at: new Date().toISOString(), machine, runs, proxy, effects: compareEffects(texts, seen) };
}

async function runFigures(options: BenchOptions, employeeId: string, nextText: () => string): Promise<RunFigures[]> {
  const { client, temporal, runs, log } = options;
  const deps = { client, temporal, employeeId, nextText };
  await logged(log, 'warm-up', () => measureRuns(deps, WARM_UP_RUNS, Math.max(...AT_A_TIME)));
  const figures: RunFigures[] = [];
  for (const atATime of AT_A_TIME) {
    figures.push(await logged(log, `${runs} runs, ${atATime} at a time`, () => measureRuns(deps, runs, atATime)));
  }
  return figures;
}

async function proxyFigures(
  options: BenchOptions,
  employeeId: string,
  team: string,
  nextText: () => string,
): Promise<ProxyFigures> {
  const { client, sandbox, stack, temporal, runs, log } = options;
  const held = (await sandbox.tokens()).find((token) => token.team === team && token.kind === 'access' && token.state === 'live');
  if (!held) throw new Error('the sandbox has issued no token');
  const run = await openRun({ client, temporal, stack, employeeId });
  try {
    const { connecthub: connecthubUrl, sandbox: sandboxUrl } = stack.urls;
    const deps = { run, connecthubUrl, sandboxUrl, slackToken: held.value, nextText };
    return await logged(log, `${runs} calls each way`, () => measureProxy(deps, runs));
  } finally {
    await run.close();
  }
}

async function logged<T>(log: Progress, what: string, work: () => Promise<T>): Promise<T> {
  const beganMs = performance.now();
  const result = await work();
  log({ what, state: 'done', elapsedMs: performance.now() - beganMs });
  return result;
}
