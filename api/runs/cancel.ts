import { and, eq, isNull, sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { decisions } from '../../db/schema/core/decisions.ts';
import { outbox } from '../../db/schema/core/outbox.ts';
import { appendToOutbox, nextSeq, type OutboxRow } from '../outbox/append.ts';
import { closeRun } from './close.ts';
import { closingResult } from './closing-result.ts';
import { findRun, isOpen, type RunRow } from './find.ts';

export const cancelRunBody = z.strictObject({ reason: z.string().max(500).optional() });

export interface CancelRunDeps {
  db: Pick<CoreDatabase, 'withOrg'>;
  wakeRelay: () => void;
}

/**
 * Asks a run to end. One that has not been started is closed at once and its start is dropped; one that runs ends in
 * its own time, with what it has done so far in its result.
 *
 * @throws ClancyError `not_found`, or `run_closed` for a run that has ended.
 */
export async function cancelRun(
  deps: CancelRunDeps,
  scope: OrgScope,
  request: { runId: string; reason: string | undefined },
): Promise<RunRow> {
  const run = await deps.db.withOrg(scope, (tx) => cancel(tx, scope, request));
  deps.wakeRelay();
  return run;
}

async function cancel(tx: OrgTx, scope: OrgScope, request: { runId: string; reason: string | undefined }): Promise<RunRow> {
  const run = await findRun(tx, request.runId, 'update');
  if (!isOpen(run)) throw new ClancyError('run_closed', `This run has ended: ${run.status}.`);
  const start = await unsentStart(tx, run.runId);
  const isBeingStarted = start?.leaseOwner !== null && start?.leaseOwner !== undefined;
  const mayHaveStarted = start === undefined || isBeingStarted || start.attempts > 0;
  if (start !== undefined && !isBeingStarted) await dropStart(tx, run, start, request.reason);
  if (mayHaveStarted) await announce(tx, scope, run, request.reason);
  tx.audit({ action: 'run.cancel', objectType: 'run', objectId: run.runId, allowed: true });
  return findRun(tx, run.runId);
}

/** Locked: a relay cannot claim it while we decide. */
async function unsentStart(tx: OrgTx, runId: string): Promise<OutboxRow | undefined> {
  const [row] = await tx.db
    .select()
    .from(outbox)
    .where(and(eq(outbox.orgId, tx.orgId), eq(outbox.runId, runId), eq(outbox.kind, 'start_run'), isNull(outbox.sentAt)))
    .for('update');
  return row;
}

async function dropStart(tx: OrgTx, run: RunRow, start: OutboxRow, reason: string | undefined): Promise<void> {
  await tx.db
    .update(outbox)
    .set({ sentAt: sql`now()`, lastError: 'dropped' })
    .where(and(eq(outbox.orgId, tx.orgId), eq(outbox.id, start.id)));
  const error = reason === undefined ? 'Cancelled before its start.' : `Cancelled before its start: ${reason}`;
  await closeRun(tx, run, closingResult(run, { status: 'interrupted', error }, new Date()), 'cancel');
}

async function announce(tx: OrgTx, scope: OrgScope, run: RunRow, reason: string | undefined): Promise<void> {
  const seq = await nextSeq(tx, run.runId);
  const decisionId = randomUUID();
  await tx.db.insert(decisions).values({
    orgId: tx.orgId,
    decisionId,
    runId: run.runId,
    workflowId: run.runId,
    kind: 'cancel',
    data: reason === undefined ? {} : { reason },
    decidedBy: scope.actor.id,
    seq,
  });
  await appendToOutbox(tx, { runId: run.runId, seq, kind: 'cancel_run', payload: { decision_id: decisionId } });
}
