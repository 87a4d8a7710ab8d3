import type { Progress } from '../../dev/progress.ts';
import type { Stack } from '../../dev/stack/start-stack.ts';
import { inParallel } from '../in-parallel.ts';
import { percentile } from '../statistics.ts';
import { fillHistory, type FilledHistory, type HistorySize } from './fill-history.ts';
import { copyDatabase, startHubOn, type HubProcess } from './hub-on.ts';
import type { Office } from './offices.ts';
import { createWays, type WaysDeps } from './posts.ts';

/** What calls cost beside a year of others in the database, and without. */
export interface HistoryFigures extends FilledHistory {
  readonly calls: number;
  readonly empty: CallTimes;
  readonly full: CallTimes;
  /** How many times the empty database's. */
  readonly ratio: CallTimesRatio;
}

export interface CallTimes {
  readonly p50_ms: number;
  readonly p95_ms: number;
}

export interface CallTimesRatio {
  readonly p50: number;
  readonly p95: number;
}

export interface HistoryDeps extends Pick<WaysDeps, 'nextText'> {
  readonly stack: Stack;
  readonly offices: readonly Office[];
  readonly size: HistorySize;
  readonly calls: number;
  readonly log: Progress;
}

const WARM_UP_CALLS = 1_000;
const FULL = 'clancy_full';

/**
 * The same calls on the database as it is and on a copy of it that is filled, each by a new ConnectHub: one after the other
 * and in turns, so that whatever slows the machine down slows both.
 */
export async function measureHistory(deps: HistoryDeps): Promise<HistoryFigures> {
  const { stack, offices, size, log } = deps;
  const fullUrl = await copyDatabase(stack, FULL);
  const beganMs = performance.now();
  const filled = await fillHistory(
    fullUrl,
    size,
    offices.map(({ orgId }) => orgId),
    (receipts) =>
      log({ what: `${receipts} of ${size.receipts} receipts`, state: 'done', elapsedMs: performance.now() - beganMs }),
  );
  const hubs: HubProcess[] = [];
  try {
    for (const url of [stack.databases.owner, fullUrl]) hubs.push(await startHubOn(stack, url, log));
    const [empty = [], full = []] = await measureInTurns(deps, hubs);
    const times = { empty: timesOf(empty), full: timesOf(full) };
    const ratio = { p50: times.full.p50_ms / times.empty.p50_ms, p95: times.full.p95_ms / times.empty.p95_ms };
    return { ...filled, calls: deps.calls, ...times, ratio };
  } finally {
    await Promise.all(hubs.map((hub) => hub.stop()));
  }
}

/** The milliseconds of each call, by ConnectHub. */
async function measureInTurns(deps: HistoryDeps, hubs: readonly HubProcess[]): Promise<number[][]> {
  const { stack, offices, calls, nextText } = deps;
  const posts = hubs.map(({ url }) => {
    const { proxy } = createWays({ connecthubUrl: url, sandboxUrl: stack.urls.sandbox, nextText });
    return (index: number): Promise<number> => proxy(offices[index % offices.length]!);
  });
  for (const post of posts) await inParallel(WARM_UP_CALLS, 4, post);
  const times: number[][] = hubs.map(() => []);
  for (let index = 0; index < calls; index += 1) {
    const turns = [...posts.entries()];
    for (const [hub, post] of index % 2 === 0 ? turns : turns.toReversed()) times[hub]?.push(await post(index));
  }
  return times;
}

function timesOf(times: readonly number[]): CallTimes {
  return { p50_ms: percentile(times, 50), p95_ms: percentile(times, 95) };
}
