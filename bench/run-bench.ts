import { randomBytes } from 'node:crypto';
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
import type { HistorySize } from './hub/fill-history.ts';
import { measureHistory, type HistoryFigures } from './hub/measure-history.ts';
import { measureHub } from './hub/measure-hub.ts';
import { openOffice, type Office, type OfficeDeps } from './hub/offices.ts';
import { readVaultFigures } from './hub/vault-figures.ts';
import { machineFacts } from './machine-facts.ts';
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
  readonly personOf: OfficeDeps['personOf'];
  /** Of each shape at each load, and proxied calls. */
  readonly runs: number;
  readonly bounds: Bounds;
  /** What the database is filled with for the second half of the measurements of its size. */
  readonly history: HistorySize;
  readonly metricsUrl: string;
  /** Variables for the floor's worker besides its own, as the stack's `extra`. */
  readonly floorEnv: Environment;
  readonly log: Progress;
}

export interface BenchResult {
  readonly report: BenchReport;
  readonly measured: readonly Measured[];
}

type ReadCpu = Awaited<ReturnType<typeof stackCpu>>;

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
    const offices = await openOffices(options);
    const hub = await hubFigures(options, offices, await stackCpu(stack), nextText);
    const vault = await readVaultFigures(options.metricsUrl);
    const history = await historyFigures(options, offices, nextText);
    const ids = measured.flatMap(({ samples }) => samples.map(({ workflowId }) => workflowId));
    const shapes = figuresOf(measured, await readWorkflowTimes(temporal, ids));
    const teams = [team, ...offices.map((office) => office.team)];
    const seen = (await Promise.all(teams.map((one) => sandbox.effects(one)))).flat().map(({ text }) => text ?? '');
    const effects = compareEffects(texts, seen);
    await Promise.all(offices.map((office) => office.run.close()));
    const at = new Date().toISOString();
    const above = exceeded({ shapes, proxy: hub.proxy, history }, bounds);
    return { report: { at, machine, shapes, ...hub, history, vault, effects, exceeded: above }, measured };
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

async function hubFigures(options: BenchOptions, offices: readonly Office[], readCpu: ReadCpu, nextText: () => string) {
  const { stack, runs, log } = options;
  const { connecthub: connecthubUrl, sandbox: sandboxUrl } = stack.urls;
  const calls = Math.max(runs, MIN_CALLS);
  const work = () => measureHub({ offices, connecthubUrl, sandboxUrl, readCpu, nextText, calls });
  return logged(log, `${calls} calls each way at each load`, work);
}

function historyFigures(options: BenchOptions, offices: readonly Office[], nextText: () => string): Promise<HistoryFigures> {
  const { stack, runs, log, history: size } = options;
  const calls = Math.max(runs, MIN_CALLS);
  const work = () => measureHistory({ stack, offices, nextText, size, calls, log });
  return logged(log, 'calls on an empty and on a full database', work);
}

/** Organisations whose calls are under way together: calls of one queue at its budgets. */
const OFFICES = 8;
const MIN_CALLS = 1_000;

async function openOffices(options: BenchOptions): Promise<Office[]> {
  const offices: Office[] = [];
  for (let n = 0; n < OFFICES; n += 1) offices.push(await openOffice(options, `org_${randomBytes(14).toString('hex')}`));
  return offices;
}

async function logged<T>(log: Progress, what: string, work: () => Promise<T>): Promise<T> {
  const beganMs = performance.now();
  const result = await work();
  log({ what, state: 'done', elapsedMs: performance.now() - beganMs });
  return result;
}
