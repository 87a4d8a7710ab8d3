import type { Client } from '@temporalio/client';
import type { ClancyClient } from '../cli/client/clancy-client.ts';
import type { Progress } from '../dev/progress.ts';
import type { SandboxClient } from '../dev/sandbox/client.ts';
import type { Environment } from '../dev/stack/environment.ts';
import type { Stack } from '../dev/stack/start-stack.ts';
import { connectSlack } from '../test/stack/connect-slack.ts';
import { hireWith } from '../test/stack/hire.ts';
import { exceeded, type Bounds } from './bounds.ts';
import { compareEffects } from './compare-effects.ts';
import { postingEmployee, waitingEmployee } from './employees.ts';
import { figuresOf } from './figures.ts';
import { floorRows, startFloor } from './floor/start-floor.ts';
import { machineFacts } from './machine-facts.ts';
import { measureProxy, type ProxyFigures } from './measure-proxy.ts';
import { measureShapes, type Measured } from './measure-shapes.ts';
import { openRun, type OpenRun } from './open-run.ts';
import type { BenchReport } from './report.ts';
import { createShapes, type Shape } from './shapes.ts';
import { stackCpu } from './stack-cpu.ts';
import { readWorkflowTimes } from './workflow-times.ts';

export interface BenchOptions {
  readonly stack: Stack;
  readonly client: ClancyClient;
  readonly sandbox: SandboxClient;
  readonly temporal: Client;
  /** Of each shape at each load, and proxied calls. */
  readonly runs: number;
  readonly bounds: Bounds;
  /** Variables for the floor's worker besides its own, as the stack's `extra`. */
  readonly floorEnv: Environment;
  readonly log: Progress;
}

export interface BenchResult {
  readonly report: BenchReport;
  readonly measured: readonly Measured[];
}

const AT_A_TIME = [1, 20];
/** Fills caches, pools and the compilers of all processes; of each shape. */
const WARM_UP_RUNS = 60;
const ROUNDS = 4;

/** Hires, warms up and measures, on a stack that does nothing else. @throws Error at the first run or call that fails. */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  const { client, sandbox, stack, temporal, bounds } = options;
  const machine = machineFacts();
  const texts: string[] = [];
  const nextText = (): string => {
    const text = `bench message ${texts.length + 1}`;
    texts.push(text);
    return text;
  };
  const team = await connectSlack(client, sandbox);
  const run = await openRun({
    client,
    temporal,
    stack,
    employeeId: await hireWith(client, stack.databases.owner, waitingEmployee),
  });
  try {
    const measured = await measureAll(options, run, nextText);
    const proxy = await proxyFigures(options, run, team, nextText);
    const ids = measured.flatMap(({ samples }) => samples.map(({ workflowId }) => workflowId));
    const shapes = figuresOf(measured, await readWorkflowTimes(temporal, ids));
    const seen = (await sandbox.effects(team)).map(({ text }) => text ?? '');
    const effects = compareEffects(texts, seen);
    const at = new Date().toISOString();
    return { report: { at, machine, shapes, proxy, effects, exceeded: exceeded(shapes, proxy, bounds) }, measured };
  } finally {
    await run.close();
  }
}

async function measureAll(options: BenchOptions, run: OpenRun, nextText: () => string): Promise<Measured[]> {
  const { client, temporal, stack, runs, log, floorEnv } = options;
  const floor = await startFloor({ stack, run, extra: floorEnv, log });
  try {
    const hire = (isolation: Exclude<Shape, 'floor'>) => hireWith(client, stack.databases.owner, postingEmployee(isolation));
    const employees = { inline: await hire('inline'), child: await hire('child') };
    const deps = { shapes: createShapes({ client, temporal, employees, nextText }), readCpu: await stackCpu(stack, floor.pid) };
    const most = Math.max(...AT_A_TIME);
    const warm = await logged(log, 'warm-up', () => measureShapes(deps, { runs: WARM_UP_RUNS, rounds: 2, atATime: most }));
    const measured: Measured[] = [];
    for (const atATime of AT_A_TIME) {
      const work = () => measureShapes(deps, { runs, rounds: ROUNDS, atATime });
      measured.push(...(await logged(log, `${runs} runs of each shape, ${atATime} at a time`, work)));
    }
    await assertFloorWrote(stack.databases.owner, [...warm, ...measured]);
    return measured;
  } finally {
    await floor.stop();
  }
}

async function assertFloorWrote(ownerUrl: string, measured: readonly Measured[]): Promise<void> {
  const floors = measured.filter(({ shape }) => shape === 'floor');
  const expected = floors.reduce((sum, { samples }) => sum + samples.length, 0);
  const rows = await floorRows(ownerUrl);
  if (rows !== expected) throw new Error(`the floor made ${expected} runs and wrote ${rows} rows`);
}

async function proxyFigures(
  { sandbox, stack, runs, log }: BenchOptions,
  run: OpenRun,
  team: string,
  nextText: () => string,
): Promise<ProxyFigures> {
  const held = (await sandbox.tokens()).find((token) => token.team === team && token.kind === 'access' && token.state === 'live');
  if (!held) throw new Error('the sandbox has issued no token');
  const { connecthub: connecthubUrl, sandbox: sandboxUrl } = stack.urls;
  const callsMade = FLOOR_CALLS_AT_MOST;
  const deps = { run, connecthubUrl, sandboxUrl, slackToken: held.value, nextText, callsMade };
  return logged(log, `${runs} calls each way`, () => measureProxy(deps, runs));
}

/** The floor and the proxied calls are numbered apart within the same run. */
const FLOOR_CALLS_AT_MOST = 100_000;

async function logged<T>(log: Progress, what: string, work: () => Promise<T>): Promise<T> {
  const beganMs = performance.now();
  const result = await work();
  log({ what, state: 'done', elapsedMs: performance.now() - beganMs });
  return result;
}
