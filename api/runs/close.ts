import { and, eq } from 'drizzle-orm';
import type { ExecutionResult } from '../../contracts/events.ts';
import type { OrgTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { authzRuns } from '../../db/schema/authz/runs.ts';
import { runs } from '../../db/schema/core/runs.ts';
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
export async function closeRun(tx: OrgTx, run: RunRow, result: ExecutionResult, by: string): Promise<boolean> {
  if (!isOpen(run)) return false;
  const now = new Date();
  const { status } = result;
  const errorCode = result.error_code ?? null;
  const isRun = and(eq(runs.orgId, tx.orgId), eq(runs.runId, run.runId));
  await tx.db.update(runs).set({ status, result, errorCode, waitingOn: null, finishedAt: now }).where(isRun);
  await tx.db
    .update(authzRuns)
    .set({ status: 'closed', closedAt: now })
    .where(and(eq(authzRuns.orgId, tx.orgId), eq(authzRuns.runId, run.runId)));
  await tx.db
    .update(approvals)
    .set({ status: 'cancelled', decidedAt: now, reason: 'The run ended.' })
    .where(and(eq(approvals.orgId, tx.orgId), eq(approvals.runId, run.runId), eq(approvals.status, 'pending')));
  await recordFact(tx, {
    kind: FACTS[status],
    employeeId: run.employeeId,
    runId: run.runId,
    data: { execution_id: run.executionId, status, error_code: errorCode, capabilities_used: result.capabilities_used },
  });
  tx.audit({ action: 'run.close', objectType: 'run', objectId: run.runId, allowed: true, details: { status, by } });
  return true;
}
