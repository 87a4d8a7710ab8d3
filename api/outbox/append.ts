import { and, eq, max, sql } from 'drizzle-orm';
import type { OrgTx } from '../../db/client.ts';
import { decisions } from '../../db/schema/core/decisions.ts';
import { outbox } from '../../db/schema/core/outbox.ts';
import { runs } from '../../db/schema/core/runs.ts';

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
  const [row] = await tx.db
    .insert(outbox)
    .values({
      orgId: tx.orgId,
      ...message,
      ...(notBefore && { leaseUntil: notBefore }),
      // As a claim of the database's own function would have left it.
      ...(claim && { leaseOwner: claim.owner, leaseUntil: inMs(claim.leaseMs), attempts: 1 }),
    })
    .returning();
  if (!row) throw new Error('an insert without its row');
  return row;
}

function inMs(ms: number) {
  return sql`now() + make_interval(secs => ${ms / 1_000}::double precision)`;
}
