import { and, eq, isNull, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase, OrgScope, OrgTx, OutboxRef } from '../../db/client.ts';
import { outbox } from '../../db/schema/core/outbox.ts';
import { runs } from '../../db/schema/core/runs.ts';
import { statement } from '../../db/statement.ts';
import type { OutboxRow } from './append.ts';

/** First pause after a failure; doubled from attempt to attempt. */
const FIRST_PAUSE_MS = 250;
/** What is away is noticed to be back within this time. */
const LONGEST_PAUSE_MS = 5_000;

/** The row, unless the lease was lost or somebody has sent it. */
export async function loadLeased(
  db: Pick<CoreDatabase, 'withOrgRead'>,
  ref: OutboxRef,
  owner: string,
): Promise<OutboxRow | undefined> {
  const [row] = await db.withOrgRead(ref, (tx) => tx.db.select().from(outbox).where(isHeld(ref, owner)));
  return row;
}

/**
 * Ends the message.
 * @returns false when the lease was lost: whoever holds it now records the outcome.
 */
export async function markSent(tx: OrgTx, row: OutboxRow, owner: string): Promise<boolean> {
  // Sent in one go, in this order.
  const [, marked] = await Promise.all([lockRun(tx, row), setSent(tx.db).execute({ orgId: row.orgId, id: row.id, owner })]);
  if (marked.length === 0) return false;
  auditMessage(tx, row, 'outbox.send');
  return true;
}

/** Gives the lease back with a pause; the run says what it waits for. */
export async function postpone(
  db: Pick<CoreDatabase, 'withOrg'>,
  scope: OrgScope,
  row: OutboxRow,
  owner: string,
  error: unknown,
): Promise<void> {
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(row.attempts, 10));
  await db.withOrg(scope, async (tx) => {
    await lockRun(tx, row);
    await tx.db
      .update(outbox)
      .set({
        leaseOwner: null,
        leaseUntil: sql`now() + make_interval(secs => ${pauseMs / 1_000}::double precision)`,
        lastError: wordOf(error),
      })
      .where(isHeld(row, owner));
    if ((row.kind === 'start_run' || row.kind === 'note_start') && row.runId !== null) {
      await tx.db
        .update(runs)
        .set({ waitingOn: waitingOn(error) })
        .where(and(eq(runs.orgId, tx.orgId), eq(runs.runId, row.runId), eq(runs.status, 'requested')));
    }
    auditMessage(tx, row, 'outbox.postpone');
  });
}

/** Everybody locks the run before its messages, so that nobody waits in a circle. */
async function lockRun(tx: OrgTx, { runId }: OutboxRow): Promise<void> {
  if (runId === null) return;
  await lockRunId(tx.db).execute({ orgId: tx.orgId, runId });
}

const lockRunId = statement((db) =>
  db
    .select({ runId: runs.runId })
    .from(runs)
    .where(and(eq(runs.orgId, sql.placeholder('orgId')), eq(runs.runId, sql.placeholder('runId'))))
    .for('update')
    .prepare('lock_run_id'),
);

const setSent = statement((db) =>
  db
    .update(outbox)
    .set({ sentAt: sql`now()`, leaseOwner: null, leaseUntil: null, lastError: null })
    .where(
      and(
        eq(outbox.orgId, sql.placeholder('orgId')),
        eq(outbox.id, sql.placeholder('id')),
        eq(outbox.leaseOwner, sql.placeholder('owner')),
        isNull(outbox.sentAt),
      ),
    )
    .returning({ id: outbox.id })
    .prepare('set_sent'),
);

/** A start that waits for the employee's identity, or for a worker that takes it up, says so; else it waits for Temporal. */
export const WAITS_FOR_IDENTITY = 'identity';
export const WAITS_FOR_WORKER = 'worker';

function waitingOn(error: unknown): string {
  const waits = error instanceof ClancyError ? error.details.extra?.['waiting_on'] : undefined;
  return waits === WAITS_FOR_IDENTITY || waits === WAITS_FOR_WORKER ? waits : 'temporal';
}

/** Codes and class names only: a message of a library may repeat what it was given. */
function wordOf(error: unknown): string {
  if (error instanceof ClancyError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

function isHeld(ref: Pick<OutboxRow, 'orgId' | 'id'>, owner: string) {
  return and(eq(outbox.orgId, ref.orgId), eq(outbox.id, ref.id), eq(outbox.leaseOwner, owner), isNull(outbox.sentAt));
}

function auditMessage(tx: OrgTx, row: OutboxRow, action: 'outbox.send' | 'outbox.postpone'): void {
  const objectId = row.runId ?? String(row.id);
  tx.audit({ action, objectType: 'message', objectId, allowed: true, details: { kind: row.kind, seq: row.seq } });
}
