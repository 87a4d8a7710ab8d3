import { and, eq } from 'drizzle-orm';
import type { OrgTx } from '../../../db/client.ts';
import { factCursors } from '../../../db/schema/core/fact-cursors.ts';
import { readHead } from '../read-facts.ts';

export const CONSUMER = 'triggers';

export type CursorRow = typeof factCursors.$inferSelect;

const mine = (tx: OrgTx) => and(eq(factCursors.orgId, tx.orgId), eq(factCursors.consumer, CONSUMER));

/** From here on the organisation's facts are looked at for triggers, if they are not yet. */
export async function beginAtHead(tx: OrgTx): Promise<void> {
  await tx.db
    .insert(factCursors)
    .values({ orgId: tx.orgId, consumer: CONSUMER, seq: await readHead(tx) })
    .onConflictDoNothing();
}

/** The organisation's place, locked until the commit; undefined while another copy is at it. */
export async function lockCursor(tx: OrgTx): Promise<CursorRow | undefined> {
  const [row] = await tx.db.select().from(factCursors).where(mine(tx)).for('update', { skipLocked: true });
  return row;
}

/** All up to here is done with. */
export async function moveCursor(tx: OrgTx, seq: number): Promise<void> {
  await tx.db.update(factCursors).set({ seq, attempts: 0, retryAt: null }).where(mine(tx));
}

/** The next fact failed; it is tried again at `retryAt`. */
export async function noteFailure(tx: OrgTx, attempts: number, retryAt: Date): Promise<void> {
  await tx.db.update(factCursors).set({ attempts, retryAt }).where(mine(tx));
}
