import { and, eq, lt, ne, sql } from 'drizzle-orm';
import type { OrgReadTx, OrgTx } from '../../db/client.ts';
import { blobs } from '../../db/schema/core/blobs.ts';

export type BlobRow = typeof blobs.$inferSelect;
export type BlobKind = BlobRow['kind'];

/** One content of an organisation. */
export interface BlobName {
  kind: BlobKind;
  sha256: string;
}

export async function findBlob(tx: OrgReadTx, name: BlobName): Promise<BlobRow | undefined> {
  const [row] = await tx.db.select().from(blobs).where(isStored(tx, name));
  return row;
}

/** Before the first byte is written, so that what never ends is found and taken away. */
export async function beginBlob(tx: OrgTx, row: typeof blobs.$inferInsert): Promise<void> {
  await tx.db.insert(blobs).values(row);
  const details = { kind: row.kind, size: row.size, ...(row.runId && { run_id: row.runId }) };
  tx.audit({ action: 'blob.put', objectType: 'blob', objectId: row.objectId, allowed: true, details });
}

/** @returns false when its time was over before it was whole. @throws a unique violation where the same content was faster */
export async function finishBlob(tx: OrgTx, objectId: string, sha256: string, expiresAt: Date): Promise<boolean> {
  const rows = await tx.db
    .update(blobs)
    .set({ state: 'stored', sha256, expiresAt })
    .where(and(isObject(tx, objectId), eq(blobs.state, 'pending')))
    .returning({ id: blobs.objectId });
  tx.audit({ action: 'blob.keep', objectType: 'blob', objectId, allowed: rows.length > 0, details: { sha256 } });
  return rows.length > 0;
}

/** A stored content is kept until then, if it was to go before; undefined where there is none. */
export async function prolongBlob(tx: OrgTx, name: BlobName, expiresAt: Date): Promise<BlobRow | undefined> {
  const [row] = await tx.db
    .update(blobs)
    .set({ expiresAt: sql`greatest(${blobs.expiresAt}, ${expiresAt.toISOString()}::timestamptz)` })
    .where(isStored(tx, name))
    .returning();
  if (row) tx.audit({ action: 'blob.keep', objectType: 'blob', objectId: row.objectId, allowed: true });
  return row;
}

/** From here on nobody reads it. @returns false where somebody has prolonged its life. */
export async function doomBlob(tx: OrgTx, objectId: string, now: Date): Promise<boolean> {
  const rows = await tx.db
    .update(blobs)
    .set({ state: 'doomed' })
    .where(and(isObject(tx, objectId), lt(blobs.expiresAt, now)))
    .returning({ id: blobs.objectId });
  if (rows.length > 0) tx.audit({ action: 'blob.expire', objectType: 'blob', objectId, allowed: true });
  return rows.length > 0;
}

/** An upload that came to nothing: its row is for the next sweep, whoever is killed now. */
export async function abandonBlob(tx: OrgTx, objectId: string, now: Date): Promise<void> {
  await tx.db
    .update(blobs)
    .set({ state: 'doomed', expiresAt: now })
    .where(and(isObject(tx, objectId), ne(blobs.state, 'stored')));
  tx.audit({ action: 'blob.abandon', objectType: 'blob', objectId, allowed: true });
}

export async function forgetBlob(tx: OrgTx, objectId: string): Promise<void> {
  await tx.db.delete(blobs).where(and(isObject(tx, objectId), eq(blobs.state, 'doomed')));
  tx.audit({ action: 'blob.delete', objectType: 'blob', objectId, allowed: true });
}

function isStored(tx: OrgReadTx, { kind, sha256 }: BlobName) {
  return and(eq(blobs.orgId, tx.orgId), eq(blobs.kind, kind), eq(blobs.sha256, sha256), eq(blobs.state, 'stored'));
}

function isObject(tx: OrgReadTx, objectId: string) {
  return and(eq(blobs.orgId, tx.orgId), eq(blobs.objectId, objectId));
}
