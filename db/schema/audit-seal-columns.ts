import { bigint, integer, text } from 'drizzle-orm/pg-core';
import { instant, orgId } from './columns.ts';

/**
 * One link of an organisation's audit chain: covers all audit rows with `from_at < at <= to_at`. `hash` is over them and over
 * the seal before (`contracts/audit.ts`), so that no sealed row can be changed, added or removed unnoticed.
 */
export const auditSealColumns = () => ({
  orgId: orgId(),
  /** 1, 2, 3 ... in each organisation. */
  block: bigint('block', { mode: 'number' }).notNull(),
  /** Null in the first. */
  fromAt: instant('from_at'),
  toAt: instant('to_at').notNull(),
  rows: integer('rows').notNull(),
  /** SHA-256 in hex; of the first, zeros. */
  previous: text('previous').notNull(),
  hash: text('hash').notNull(),
  sealedAt: instant('sealed_at').notNull().defaultNow(),
});
