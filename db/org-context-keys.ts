import { createHash } from 'node:crypto';
import type { Client } from 'pg';

const HMAC_BLOCK_BYTES = 64;
const KEY_BYTES = 32;

export interface OrgContextKeyOptions {
  /** 32 bytes, the same as the processes get. */
  readonly orgContextKey: Buffer;
  /** Forget the key before it at once, for one that leaked. Otherwise it stays valid until the next rotation. */
  readonly retirePreviousKey?: boolean;
}

/**
 * Makes the key the current one. The key before it keeps working, so that processes can be given the new key one
 * after another; older ones are forgotten.
 */
export async function installOrgContextKey(client: Client, options: OrgContextKeyOptions): Promise<void> {
  const key = options.orgContextKey;
  if (key.length !== KEY_BYTES) throw new RangeError(`the organisation context key has ${KEY_BYTES} bytes`);
  const fingerprint = createHash('sha256').update(key).digest('hex');
  const kept = options.retirePreviousKey === true ? 1 : 2;
  await client.query('BEGIN');
  try {
    const newest = await client.query('SELECT fingerprint FROM app.org_context_keys ORDER BY id DESC LIMIT 1');
    if (newest.rows[0]?.fingerprint !== fingerprint) {
      await client.query('DELETE FROM app.org_context_keys WHERE fingerprint = $1', [fingerprint]);
      await client.query('INSERT INTO app.org_context_keys (fingerprint, inner_block, outer_block) VALUES ($1, $2, $3)', [
        fingerprint,
        padded(key, 0x36),
        padded(key, 0x5c),
      ]);
    }
    await client.query(
      'DELETE FROM app.org_context_keys WHERE id NOT IN (SELECT id FROM app.org_context_keys ORDER BY id DESC LIMIT $1)',
      [kept],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** The key as HMAC uses it (RFC 2104): padded with zeros to a block, each byte XORed. */
function padded(key: Buffer, pad: number): Buffer {
  const block = Buffer.concat([key], HMAC_BLOCK_BYTES);
  return Buffer.from(block.map((byte) => byte ^ pad));
}
