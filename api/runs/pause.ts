import { and, eq } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { decisions } from '../../db/schema/core/decisions.ts';
import { authzRuns } from '../../db/schema/authz/runs.ts';
import { runs } from '../../db/schema/core/runs.ts';
import { appendToOutbox, nextSeq } from '../outbox/append.ts';
import { findRun, isOpen, type RunRow } from './find.ts';

export interface PauseRunDeps {
  db: Pick<CoreDatabase, 'withOrg'>;
  wakeRelay: () => void;
}

export interface PauseRunRequest {
  runId: string;
  verb: 'pause' | 'resume';
  reason: string | undefined;
}

/**
 * Holds a run, or lets it go on. A held run begins no skill, burst or call; what is under way is let finish. ConnectHub
 * refuses its calls from this moment on; the workflow hears of it as soon as Temporal can be reached, in the order of what
 * was decided. Asking for what is so already changes nothing.
 *
 * @throws ClancyError `not_found`, or `run_closed` for a run that has ended.
 */
export async function pauseRun(deps: PauseRunDeps, scope: OrgScope, request: PauseRunRequest): Promise<RunRow> {
  const run = await deps.db.withOrg(scope, (tx) => decide(tx, scope, request));
  deps.wakeRelay();
  return run;
}

async function decide(tx: OrgTx, scope: OrgScope, { runId, verb, reason }: PauseRunRequest): Promise<RunRow> {
  const run = await findRun(tx, runId, 'update');
  if (!isOpen(run)) throw new ClancyError('run_closed', `This run has ended: ${run.status}.`);
  if ((run.pausedAt !== null) === (verb === 'pause')) return run;
  const seq = await nextSeq(tx, runId);
  const decisionId = randomUUID();
  const pausedAt = verb === 'pause' ? new Date() : null;
  await tx.db
    .update(runs)
    .set({ pausedAt })
    .where(and(eq(runs.orgId, tx.orgId), eq(runs.runId, runId)));
  // At once, also for a call that the workflow begins before it hears of the pause.
  await tx.db
    .update(authzRuns)
    .set({ pausedAt })
    .where(and(eq(authzRuns.orgId, tx.orgId), eq(authzRuns.runId, runId)));
  await tx.db.insert(decisions).values({
    orgId: tx.orgId,
    decisionId,
    runId,
    workflowId: runId,
    kind: verb,
    data: reason === undefined ? {} : { reason },
    decidedBy: scope.actor.id,
    seq,
  });
  await appendToOutbox(tx, { runId, seq, kind: 'signal', payload: { workflow_id: runId, decision_id: decisionId } });
  tx.audit({ action: `run.${verb}`, objectType: 'run', objectId: runId, allowed: true });
  return { ...run, pausedAt };
}
