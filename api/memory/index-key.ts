import { createHmac, randomBytes } from 'node:crypto';
import canonicalize from 'canonicalize';
import { eq, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { Json } from '../../contracts/json.ts';
import type { OrgReadTx, OrgTx } from '../../db/client.ts';
import { memoryKeys } from '../../db/schema/core/memory-keys.ts';
import { statement } from '../../db/statement.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';

/** By what the entries of one organisation are found: numbers and texts that say nothing without its secret. */
export interface MemoryIndex {
  keyId: string;
  /** A key as people mean it: letter case, form and spaces around it make no other key. */
  key(key: string): string;
  value(value: Json): string;
  /** A stem of PostgreSQL's full text; 64 bits, signed. */
  stem(stem: string): bigint;
}

export interface IndexRow {
  keyId: string;
  sealed: string;
}

const KEY_BYTES = 32;

const place = (orgId: string) => ({ purpose: 'memory-index', orgId, object: orgId, field: 'sealed' });

/** Opens the organisation's index. Rejects with `SealedTextError` when its data key was destroyed. */
export async function openIndex(secrets: Pick<SecretBox, 'open'>, orgId: string, row: IndexRow): Promise<MemoryIndex> {
  return indexOf(row.keyId, Buffer.from(await secrets.open(place(orgId), row.sealed), 'base64url'));
}

/** The organisation's index; made when it has none. Of two that make one at once one waits for the other. */
export async function ensureIndex(secrets: Pick<SecretBox, 'open' | 'seal'>, tx: OrgTx): Promise<MemoryIndex> {
  const known = await findIndexRow(tx);
  if (known) return openIndex(secrets, tx.orgId, known);
  const sealed = await secrets.seal(place(tx.orgId), randomBytes(KEY_BYTES).toString('base64url'));
  await tx.db.insert(memoryKeys).values({ orgId: tx.orgId, keyId: uuidv7(), sealed }).onConflictDoNothing();
  const made = await findIndexRow(tx);
  if (!made) throw new Error('the index of a memory was made and is not there');
  return openIndex(secrets, tx.orgId, made);
}

export async function findIndexRow(tx: OrgReadTx): Promise<IndexRow | undefined> {
  const [row] = await selectIndex(tx.db).execute({ orgId: tx.orgId });
  return row;
}

/** Asked for each run that is accepted, also where nothing is remembered. */
const selectIndex = statement((db) =>
  db
    .select({ keyId: memoryKeys.keyId, sealed: memoryKeys.sealed })
    .from(memoryKeys)
    .where(eq(memoryKeys.orgId, sql.placeholder('orgId')))
    .prepare('select_memory_index'),
);

export function indexOf(keyId: string, secret: Buffer): MemoryIndex {
  const mac = (what: string, text: string): Buffer => createHmac('sha256', secret).update(`${what}|${text}`).digest();
  return {
    keyId,
    key: (key) => mac('key', normalKey(key)).subarray(0, 16).toString('base64url'),
    value: (value) =>
      mac('value', canonicalize(value) ?? '')
        .subarray(0, 16)
        .toString('base64url'),
    stem: (stem) => mac('stem', stem).readBigInt64BE(0),
  };
}

function normalKey(key: string): string {
  return key.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}
