import type { CoreDatabase } from '../../db/client.ts';
import type { Logger } from '../../platform/logger.ts';
import { expireNow } from '../approvals/expire.ts';
import { systemScope } from '../http/scope.ts';
import { createLoop, type Loop } from '../../platform/loop.ts';
import type { RunEngine } from '../temporal/run-engine.ts';
import { closeRun } from './close.ts';
import { endOf } from './end-of.ts';
import { findRun, type RunRow } from './find.ts';
import { watchEngine } from './watch-engine.ts';

const INTERVAL_MS = 2_000;
const PAGE = 200;
/** Runs looked at together. */
const AT_ONCE = 8;
/** A run this young is left to itself: most are over before anybody needs to ask. */
const MIN_AGE_MS = 1_500;
const EXPIRED_AT_ONCE = 50;

export interface ReconcilerDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead' | 'jobs'>;
  engine: Pick<RunEngine, 'describe' | 'outcome'>;
  logger: Logger;
  intervalMs?: number;
  /** Told whenever all open runs were looked at. */
  onSwept?: (() => void) | undefined;
}

/**
 * Compares open runs with Temporal: what was terminated, timed out or lost there ends here too, and a run whose workflow
 * task keeps failing says that it waits on the engine. Any number of copies may do so: closing twice closes once.
 */
export function createReconciler(deps: ReconcilerDeps): Loop {
  return createLoop(deps.intervalMs ?? INTERVAL_MS, (signal) =>
    sweep(deps, signal).catch((error: unknown) => deps.logger.warn({ err: error }, 'the reconciler could not finish')),
  );
}

async function sweep(deps: ReconcilerDeps, signal: AbortSignal): Promise<void> {
  await expireApprovals(deps);
  for (let after: string | undefined = ''; after !== undefined && !signal.aborted;) {
    const page = await deps.db.jobs.openRuns(PAGE, after);
    for (let i = 0; i < page.length && !signal.aborted; i += AT_ONCE) {
      await Promise.all(
        page
          .slice(i, i + AT_ONCE)
          .map((ref) => apart(deps, 'a run could not be compared', { run_id: ref.runId }, () => reconcile(deps, ref))),
      );
    }
    after = page.length < PAGE ? undefined : page.at(-1)?.runId;
  }
  deps.onSwept?.();
}

/** One that fails is left to the next sweep and does not stop the others, which belong to other organisations. */
async function apart(deps: ReconcilerDeps, failed: string, which: object, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    deps.logger.warn({ err: error, ...which }, failed);
  }
}

async function reconcile(deps: ReconcilerDeps, ref: { orgId: string; runId: string }): Promise<void> {
  const run = await deps.db.withOrgRead(ref, (tx) => findRun(tx, ref.runId));
  if (run.status !== 'running' || run.startedAt === null) return;
  if (Date.now() - run.startedAt.getTime() < MIN_AGE_MS) return;
  const state = await deps.engine.describe(run.runId);
  const isOurs = state !== undefined && (run.temporalRunId === null || state.firstRunId === run.temporalRunId);
  if (isOurs && state.status === 'RUNNING') return watchEngine(deps, run, state);
  await close(deps, run, isOurs ? state.status : 'LOST');
}

async function close(deps: ReconcilerDeps, run: RunRow, status: Parameters<typeof endOf>[2]): Promise<void> {
  const result = await endOf(deps.engine, run, status, new Date());
  if (!result) return;
  await deps.db.withOrg(systemScope(run.orgId, 'reconciler'), async (tx) => {
    const isClosed = await closeRun(tx, await findRun(tx, run.runId, 'update'), result, 'reconciler');
    if (isClosed) deps.logger.info({ run_id: run.runId, status: result.status, temporal: status }, 'a run was closed');
  });
}

/** For questions whose workflow is gone or late; ConnectHub refuses an expired approval in any case. */
async function expireApprovals(deps: ReconcilerDeps): Promise<void> {
  for (const { orgId, approvalId } of await deps.db.jobs.expiredApprovals(EXPIRED_AT_ONCE)) {
    await apart(deps, 'an approval could not be closed', { approval_id: approvalId }, () =>
      deps.db.withOrg(systemScope(orgId, 'reconciler'), (tx) => expireNow(tx, approvalId)),
    );
  }
}
