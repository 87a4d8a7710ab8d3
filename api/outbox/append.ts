import { and, eq, max } from 'drizzle-orm';
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

/**
 * Appends a message about a run; `seq` comes from {@link nextSeq} of the same transaction. Nobody takes it up before
 * `notBefore`.
 */
export async function appendToOutbox(
  tx: OrgTx,
  message: Pick<typeof outbox.$inferInsert, 'kind' | 'payload' | 'seq'> & { runId: string; notBefore?: Date },
): Promise<void> {
  const { notBefore, ...row } = message;
  await tx.db.insert(outbox).values({ orgId: tx.orgId, ...row, ...(notBefore && { leaseUntil: notBefore }) });
}
