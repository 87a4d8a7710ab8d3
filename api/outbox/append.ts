import { and, eq, max, sql } from 'drizzle-orm';
import type { OrgTx } from '../../db/client.ts';
import { decisions } from '../../db/schema/core/decisions.ts';
import { outbox } from '../../db/schema/core/outbox.ts';
import { runs } from '../../db/schema/core/runs.ts';
import { statement } from '../../db/statement.ts';

export type OutboxRow = typeof outbox.$inferSelect;

/**
 * The next number in a run's order of messages. Holds the run's row until the transaction ends, so that numbers become
 * visible in their order.
 */
export async function nextSeq(tx: OrgTx, runId: string): Promise<number> {
  await tx.db
    .select({ runId: runs.runId })
    .from(runs)
    .where(and(eq(runs.orgId, tx.orgId), eq(runs.runId, runId)))
    .for('update');
  const [sent] = await tx.db
    .select({ last: max(outbox.seq) })
    .from(outbox)
    .where(and(eq(outbox.orgId, tx.orgId), eq(outbox.runId, runId)));
  // A decision about a run that has ended is kept, but sent to nobody.
  const [decided] = await tx.db
    .select({ last: max(decisions.seq) })
    .from(decisions)
    .where(and(eq(decisions.orgId, tx.orgId), eq(decisions.runId, runId)));
  return Math.max(sent?.last ?? 0, decided?.last ?? 0) + 1;
}

/** Whose a row is from its first moment on, and for how long: see `claim` in relay.ts. */
export interface OutboxClaim {
  owner: string;
  leaseMs: number;
}

export type NewMessage = Pick<typeof outbox.$inferInsert, 'kind' | 'payload' | 'seq'> & {
  runId: string;
  /** Nobody takes it up before. */
  notBefore?: Date;
  claim?: OutboxClaim;
};

/** Appends a message about a run; `seq` comes from {@link nextSeq} of the same transaction. */
export async function appendToOutbox(tx: OrgTx, { notBefore, claim, ...message }: NewMessage): Promise<OutboxRow> {
  const [row] = await insertMessage(tx.db).execute({
    orgId: tx.orgId,
    seq: 0,
    ...message,
    notBefore: notBefore?.toISOString() ?? null,
    // As a claim by the database's own function would have left it.
    owner: claim?.owner ?? null,
    leaseSeconds: claim ? claim.leaseMs / 1_000 : null,
    attempts: claim ? 1 : 0,
  });
  if (!row) throw new Error('an insert without its row');
  return row;
}

const insertMessage = statement((db) =>
  db
    .insert(outbox)
    .values({
      orgId: sql.placeholder('orgId'),
      runId: sql.placeholder('runId'),
      seq: sql.placeholder('seq'),
      kind: sql.placeholder('kind'),
      payload: sql.placeholder('payload'),
      leaseOwner: sql.placeholder('owner'),
      leaseUntil: sql`coalesce(
        ${sql.placeholder('notBefore')}::timestamptz,
        now() + make_interval(secs => ${sql.placeholder('leaseSeconds')}::double precision))`,
      attempts: sql.placeholder('attempts'),
    })
    .returning()
    .prepare('insert_message'),
);
