import { and, eq, sql } from 'drizzle-orm';
import type { ExecutionResult } from '../../contracts/events.ts';
import type { WrittenMemory } from '../../contracts/memory.ts';
import type { OrgTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { authzRuns } from '../../db/schema/authz/runs.ts';
import { runs } from '../../db/schema/core/runs.ts';
import { statement } from '../../db/statement.ts';
import { recordFact, type FactKind } from '../facts/record-fact.ts';
import { isOpen, type RunRow } from './find.ts';

const FACTS = {
  completed: 'RunCompleted',
  failed: 'RunFailed',
  interrupted: 'RunInterrupted',
} as const satisfies Record<ExecutionResult['status'], FactKind>;

/**
 * Ends a run: its result, the end of its right to make calls, its questions, its fact. `run` must be locked by the
 * transaction. A run that is closed already stays as it is.
 *
 * @returns whether this call closed it.
 */
export async function closeRun(
  tx: OrgTx,
  run: RunRow,
  result: ExecutionResult,
  by: string,
  memoryWritten: WrittenMemory[] | null = null,
): Promise<boolean> {
  if (!isOpen(run)) return false;
  const now = new Date();
  const { status } = result;
  const errorCode = result.error_code ?? null;
  const closing = { orgId: tx.orgId, runId: run.runId, now };
  // Sent in one go, in this order.
  await Promise.all([
    endRun(tx.db).execute({ ...closing, status, result, errorCode, memoryWritten }),
    endRights(tx.db).execute(closing),
    endQuestions(tx.db).execute(closing),
    // What a rehearsal came to never happened.
    run.mode === 'live' &&
      recordFact(tx, {
        kind: FACTS[status],
        employeeId: run.employeeId,
        runId: run.runId,
        data: { execution_id: run.executionId, status, error_code: errorCode, capabilities_used: result.capabilities_used },
      }),
  ]);
  const details = { status, by, ...(errorCode !== null && { error_code: errorCode }) };
  tx.audit({ action: 'run.close', objectType: 'run', objectId: run.runId, allowed: true, details });
  return true;
}

const closing = { orgId: sql.placeholder('orgId'), runId: sql.placeholder('runId'), now: sql.placeholder('now') };

const endRun = statement((db) =>
  db
    .update(runs)
    .set({
      status: sql`${sql.placeholder('status')}`,
      result: sql`${sql.param(sql.placeholder('result'), runs.result)}`,
      errorCode: sql`${sql.placeholder('errorCode')}`,
      waitingOn: null,
      // Whoever may forget it must find no copy here.
      memory: null,
      memoryWritten: sql`${sql.param(sql.placeholder('memoryWritten'), runs.memoryWritten)}`,
      finishedAt: sql`${sql.param(closing.now, runs.finishedAt)}`,
    })
    .where(and(eq(runs.orgId, closing.orgId), eq(runs.runId, closing.runId)))
    .prepare('end_run'),
);

const endRights = statement((db) =>
  db
    .update(authzRuns)
    .set({ status: 'closed', closedAt: sql`${sql.param(closing.now, authzRuns.closedAt)}` })
    .where(and(eq(authzRuns.orgId, closing.orgId), eq(authzRuns.runId, closing.runId)))
    .prepare('end_rights'),
);

const endQuestions = statement((db) =>
  db
    .update(approvals)
    .set({
      status: 'cancelled',
      decidedAt: sql`${sql.param(closing.now, approvals.decidedAt)}`,
      reason: 'The run ended.',
    })
    .where(and(eq(approvals.orgId, closing.orgId), eq(approvals.runId, closing.runId), eq(approvals.status, 'pending')))
    .prepare('end_questions'),
);
