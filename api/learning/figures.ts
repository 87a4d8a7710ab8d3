import type { ApprovalSeen, CallsSeen, RunSeen } from './evidence.ts';

/** Of ended runs, or of a skill's part in them. */
export interface RunFigures {
  runs: number;
  completed: number;
  failed: number;
  interrupted: number;
  /** Of those that completed or failed; null where there is none. */
  success_rate: number | null;
}

export interface ApprovalFigures {
  asked: number;
  approved: number;
  rejected: number;
  unanswered: number;
  /** Of those that were answered. */
  approval_rate: number | null;
  /** Median from question to answer. */
  wait_seconds: number | null;
}

export interface CallFigures {
  calls: number;
  succeeded: number;
  refused: number;
  unknown: number;
  /** Mean. */
  latency_ms: number | null;
  cost_units: number;
}

export function runFigures(statuses: readonly string[]): RunFigures {
  const count = (status: string): number => statuses.filter((one) => one === status).length;
  const [completed, failed] = [count('completed'), count('failed')];
  return {
    runs: statuses.length,
    completed,
    failed,
    interrupted: count('interrupted'),
    success_rate: rate(completed, completed + failed),
  };
}

/** Median and 95th percentile of the time from start to end. */
export function latencyFigures(runs: readonly RunSeen[]): { p50: number | null; p95: number | null } {
  const sorted = runs.map(({ latencyMs }) => latencyMs).toSorted((one, other) => one - other);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) };
}

export function approvalFigures(approvals: readonly ApprovalSeen[]): ApprovalFigures {
  const count = (status: string): number => approvals.filter((one) => one.status === status).length;
  const [approved, rejected] = [count('approved'), count('rejected')];
  const wait = medianWaitMs(approvals);
  return {
    asked: approvals.length,
    approved,
    rejected,
    unanswered: count('expired'),
    approval_rate: rate(approved, approved + rejected),
    wait_seconds: wait === null ? null : Math.round(wait / 1_000),
  };
}

export function callFigures(calls: readonly CallsSeen[]): CallFigures {
  const sum = (of: (one: CallsSeen) => number, wanted = calls): number => wanted.reduce((total, one) => total + of(one), 0);
  const count = (...outcomes: string[]): number =>
    sum(
      (one) => one.calls,
      calls.filter(({ outcome }) => outcomes.includes(outcome)),
    );
  const total = sum((one) => one.calls);
  return {
    calls: total,
    succeeded: count('succeeded'),
    refused: count('refused'),
    unknown: count('maybe', 'unknown'),
    latency_ms: total === 0 ? null : Math.round(sum((one) => one.latencyMs) / total),
    cost_units: sum((one) => one.costUnits),
  };
}

/** Median from question to answer, in milliseconds. */
export function medianWaitMs(approvals: readonly ApprovalSeen[]): number | null {
  const waits = approvals.flatMap(({ waitMs }) => (waitMs === null ? [] : [waitMs])).toSorted((one, other) => one - other);
  return percentile(waits, 0.5);
}

function percentile(sorted: readonly number[], part: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * part) - 1))] ?? null;
}

/** Rounded to three places. */
function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1_000) / 1_000;
}

/** Groups in the order in which their first member comes. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
