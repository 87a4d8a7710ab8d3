import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ClancyError } from '../../contracts/errors.ts';
import { SEEN_MS } from './data-keys.ts';
import type { KeyRows, OrgDataKey, SealedColumn } from './key-rows.ts';
import type { KeyService } from './key-service.ts';
import { resealColumn, type Resealer } from './reseal.ts';
import { KEY_BYTES } from './sealed.ts';

export interface RotateDeps extends Resealer {
  rows: Pick<KeyRows, 'list' | 'add' | 'retire'>;
  keyService: Pick<KeyService, 'wrap'>;
  columns: readonly SealedColumn[];
  onProgress?: (progress: RotateProgress) => void;
  pause?: (ms: number) => Promise<unknown>;
}

export type RotateProgress =
  | { step: 'begun' | 'resumed'; key: string }
  | { step: 'resealed'; column: string; rows: number }
  | { step: 'waiting'; seconds: number };

export interface Rotated {
  readonly key: string;
  readonly isResumed: boolean;
  /** Rows that have the new key, by column. */
  readonly resealed: { readonly [column: string]: number };
  readonly retired: readonly string[];
  /** Rows that their key does not open: while there are any, no key is retired. */
  readonly unreadable: readonly { column: string; object: string }[];
}

/** A transaction of a copy that sealed with the key before takes no longer: twice the time-out of a statement. */
const TRANSACTION_MS = 20_000;
/** From then on no copy commits anything that is sealed with the key before. */
const SETTLED_MS = SEEN_MS + TRANSACTION_MS;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Gives the organisation a new data key, seals everything of ours anew with it and retires the keys before, while calls go
 * on: until then old and new rows open. Broken off, it is started again and goes on with the same new key; started twice,
 * both do the work once.
 *
 * @throws ClancyError `not_found` for an organisation without a key: it gets its first one by itself
 */
export async function rotateOrgKey(deps: RotateDeps, orgId: string): Promise<Rotated> {
  const { key, isResumed } = await newestKey(deps, orgId);
  deps.onProgress?.({ step: isResumed ? 'resumed' : 'begun', key });
  const resealed: { [column: string]: number } = Object.fromEntries(deps.columns.map(({ name }) => [name, 0]));
  for (;;) {
    const leftMs = SETTLED_MS - (await ageOf(deps, orgId, key));
    const pass = await resealAll(deps, orgId, key, resealed);
    const { unreadable } = pass;
    if (unreadable.length > 0) return { key, isResumed, resealed, retired: [], unreadable };
    const retired = leftMs <= 0 && pass.rows === 0 ? await deps.rows.retire(orgId) : undefined;
    if (retired) {
      // A copy that the key service gave no new key hears of this as late.
      await waitFor(deps, SEEN_MS);
      await resealAll(deps, orgId, key, resealed);
      return { key, isResumed, resealed, retired, unreadable };
    }
    if (leftMs > 0) await waitFor(deps, leftMs);
  }
}

/** An earlier rotation that was broken off has left a key that is neither the newest nor retired: it is brought to its end. */
async function newestKey(
  { rows, keyService }: Pick<RotateDeps, 'rows' | 'keyService'>,
  orgId: string,
): Promise<{ key: string; isResumed: boolean }> {
  const [inUse, ...before] = (await rows.list(orgId)).filter(({ isRetired }) => !isRetired);
  if (!inUse) throw new ClancyError('not_found', `${orgId} has no data key that could be replaced.`);
  if (before.length > 0) return { key: inUse.kid, isResumed: true };
  const kid = randomBytes(9).toString('base64url');
  const wrapped = await keyService.wrap({ orgId, kid }, randomBytes(KEY_BYTES));
  if (await rows.add(orgId, { kid, wrapped }, inUse.kid)) return { key: kid, isResumed: false };
  return newestKey({ rows, keyService }, orgId);
}

async function ageOf({ rows }: RotateDeps, orgId: string, key: string): Promise<number> {
  const newest: OrgDataKey | undefined = (await rows.list(orgId))[0];
  if (newest?.kid === key) return newest.ageMs;
  throw new ClancyError('conflict', `The data keys of ${orgId} were ${newest ? 'rotated once more' : 'destroyed'} meanwhile.`);
}

/** One pass; adds to `resealed` what it did. */
async function resealAll(deps: RotateDeps, orgId: string, key: string, resealed: { [column: string]: number }) {
  let rows = 0;
  const unreadable: { column: string; object: string }[] = [];
  for (const column of deps.columns) {
    const { rows: done, lost } = await resealColumn(deps, column, orgId, key);
    if (done > 0) deps.onProgress?.({ step: 'resealed', column: column.name, rows: done });
    resealed[column.name] = (resealed[column.name] ?? 0) + done;
    rows += done;
    unreadable.push(...lost.map((object) => ({ column: column.name, object })));
  }
  return { rows, unreadable };
}

async function waitFor({ onProgress, pause = delay }: RotateDeps, leftMs: number): Promise<void> {
  onProgress?.({ step: 'waiting', seconds: Math.ceil(leftMs / 1_000) });
  await pause(Math.min(leftMs, LONGEST_PAUSE_MS));
}
