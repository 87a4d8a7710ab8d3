import { randomUUID } from 'node:crypto';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgScope, OrgTx } from '../../db/client.ts';
import { decisions } from '../../db/schema/core/decisions.ts';
import { appendToOutbox, nextSeq } from '../outbox/append.ts';
import type { CancelRunDeps } from './cancel.ts';
import { closeRun } from './close.ts';
import { closingResult } from './closing-result.ts';
import { findRun, isOpen, type RunRow } from './find.ts';

/**
 * Ends a run at once, whatever state its workflow is in: from here on ConnectHub lets it make no call. A call under way is
 * not waited for; its receipt tells what became of it. What the skills had made is not in the result.
 *
 * @throws ClancyError `not_found`, or `run_closed` for a run that has ended.
 */
export async function terminateRun(
  deps: CancelRunDeps,
  scope: OrgScope,
  request: { runId: string; reason: string | undefined },
): Promise<RunRow> {
  const run = await deps.db.withOrg(scope, (tx) => terminate(tx, scope, request));
  deps.wakeRelay();
  return run;
}

async function terminate(tx: OrgTx, scope: OrgScope, request: { runId: string; reason: string | undefined }): Promise<RunRow> {
  const { runId, reason } = request;
  const run = await findRun(tx, runId, 'update');
  if (!isOpen(run)) throw new ClancyError('run_closed', `This run has ended: ${run.status}.`);
  const seq = await nextSeq(tx, runId);
  const decisionId = randomUUID();
  await tx.db.insert(decisions).values({
    orgId: tx.orgId,
    decisionId,
    runId,
    workflowId: runId,
    kind: 'terminate',
    data: reason === undefined ? {} : { reason },
    decidedBy: scope.actor.id,
    seq,
  });
  const error = reason === undefined ? 'The run was terminated.' : `The run was terminated: ${reason}`;
  await closeRun(tx, run, closingResult(run, { status: 'interrupted', error }, new Date()), 'terminate');
  await appendToOutbox(tx, { runId, seq, kind: 'cancel_run', payload: { decision_id: decisionId, terminate: error } });
  tx.audit({ action: 'run.terminate', objectType: 'run', objectId: runId, allowed: true });
  return findRun(tx, runId);
}
