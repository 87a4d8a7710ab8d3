import { inParallel } from '../in-parallel.ts';
import { percentile } from '../statistics.ts';
import { fillHistory, type FilledHistory, type HistorySize } from './fill-history.ts';
import type { Office } from './offices.ts';
import { createWays, type WaysDeps } from './posts.ts';

/** What calls cost before and after a year of others is in the database. */
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

export interface HistoryDeps extends WaysDeps {
  readonly offices: readonly Office[];
  readonly ownerUrl: string;
  readonly size: HistorySize;
  readonly calls: number;
  readonly onChunk: (receipts: number) => void;
}

const WARM_UP_CALLS = 500;

/** The same calls, one after the other, of the same processes: on the database as it is, then on the filled one. */
export async function measureHistory(deps: HistoryDeps): Promise<HistoryFigures> {
  const { offices, ownerUrl, size, calls, onChunk } = deps;
  const ways = createWays(deps);
  const post = (index: number): Promise<number> => ways.proxy(offices[index % offices.length]!);
  const measure = async (): Promise<CallTimes> => {
    await inParallel(WARM_UP_CALLS, 4, post);
    const times = await inParallel(calls, 1, post);
    return { p50_ms: percentile(times, 50), p95_ms: percentile(times, 95) };
  };
  const empty = await measure();
  const orgIds = offices.map(({ orgId }) => orgId);
  const filled = await fillHistory(ownerUrl, size, orgIds, onChunk);
  const full = await measure();
  const ratio = { p50: full.p50_ms / empty.p50_ms, p95: full.p95_ms / empty.p95_ms };
  return { ...filled, calls, empty, full, ratio };
}
