import { randomBytes } from 'node:crypto';
import { ClancyError } from '../../contracts/errors.ts';
import type { KeyService } from './key-service.ts';
import { KEY_BYTES, SealedTextError } from './sealed.ts';

/** An organisation's data key as it is stored. */
export type WrappedDataKey = { readonly orgId: string; readonly kid: string; readonly wrapped: string };

/** `isRetired`: nothing of ours is sealed with it any more; what is in histories may be. */
export type StoredDataKey = WrappedDataKey & { readonly isRetired?: boolean };

/** Where wrapped data keys live: a table of the process that uses them. */
export type DataKeyStore = {
  /** The key with this id, or without one the key in use (the newest that is not retired). */
  readonly get: (orgId: string, kid?: string) => Promise<StoredDataKey | undefined>;
  /**
   * Stores an organisation's first key unless it has one by now, and resolves to the key in use, which is another
   * one when somebody was faster. Must be committed before it resolves: the key is used at once.
   */
  readonly insert: (key: WrappedDataKey) => Promise<WrappedDataKey>;
};

export type DataKey = { readonly kid: string; readonly key: Buffer; readonly isRetired: boolean };

/** How a key was had: from memory, from the key service, or not. */
export const KEY_ANSWERS = ['cache', 'unwrapped', 'failed'] as const;
export type KeyAnswer = (typeof KEY_ANSWERS)[number];

export type DataKeysConfig = {
  readonly keyService: Pick<KeyService, 'wrap' | 'unwrap'>;
  readonly dataKeys: DataKeyStore;
  readonly maxCached?: number;
  /** How long an unwrapped key serves without the key service; see {@link UNWRAPPED_MS}. */
  readonly cacheMs?: number;
  /** How long its row is taken to stand as it was; see {@link SEEN_MS}. */
  readonly seenMs?: number;
  readonly now?: () => number;
  readonly onKey?: (answer: KeyAnswer) => void;
};

const MAX_CACHED = 1_000;
/** How long a key service may be away before calls of organisations at hand notice. */
const UNWRAPPED_MS = 60 * 60_000;
/** How long a destroyed key may still work, and how late a new one is met: its row is looked at again after this time. */
export const SEEN_MS = 5_000;

type Cached = DataKey & { readonly unwrappedUntilMs: number; readonly seenUntilMs: number };

/** Unwrapped data keys, kept in memory up to a time and a number, for as long as their rows stand. */
export function createDataKeys(config: DataKeysConfig) {
  const { keyService, dataKeys, now = Date.now, maxCached = MAX_CACHED, cacheMs = UNWRAPPED_MS, seenMs = SEEN_MS } = config;
  const cache = new Map<string, Cached>();
  const kidsInUse = new Map<string, { kid: string; untilMs: number }>();
  const asked = new Map<string, Promise<DataKey>>();

  /** A key whose row was just read. Unwrapped under the names that were asked for, whatever the row says it is. */
  async function adopt(orgId: string, kid: string, stored: StoredDataKey): Promise<DataKey> {
    const cacheKey = `${orgId}|${kid}`;
    const known = cache.get(cacheKey);
    const isAtHand = known !== undefined && known.unwrappedUntilMs > now();
    const key = isAtHand ? known.key : await keyService.unwrap({ orgId, kid }, stored.wrapped).catch(failed);
    config.onKey?.(isAtHand ? 'cache' : 'unwrapped');
    const unwrappedUntilMs = isAtHand ? known.unwrappedUntilMs : now() + cacheMs;
    const entry = { kid, key, isRetired: stored.isRetired === true, unwrappedUntilMs, seenUntilMs: now() + seenMs };
    keep(cache, cacheKey, entry);
    return entry;
  }

  function failed(error: unknown): never {
    config.onKey?.('failed');
    throw error;
  }

  function keep<T>(map: Map<string, T>, name: string, value: T): void {
    map.delete(name);
    map.set(name, value);
    const oldest = map.keys().next();
    if (map.size > maxCached && !oldest.done) map.delete(oldest.value);
  }

  async function create(orgId: string): Promise<WrappedDataKey> {
    const kid = randomBytes(9).toString('base64url');
    const wrapped = await keyService.wrap({ orgId, kid }, randomBytes(KEY_BYTES));
    return dataKeys.insert({ orgId, kid, wrapped });
  }

  function named(orgId: string, kid: string): Promise<DataKey> {
    const known = cache.get(`${orgId}|${kid}`);
    if (known === undefined || Math.min(known.seenUntilMs, known.unwrappedUntilMs) <= now()) {
      return shared(`${orgId}|${kid}`, () => look(orgId, kid));
    }
    config.onKey?.('cache');
    return Promise.resolve(known);
  }

  async function look(orgId: string, kid: string): Promise<DataKey> {
    const stored = await dataKeys.get(orgId, kid);
    if (stored !== undefined) return adopt(orgId, kid, stored);
    cache.delete(`${orgId}|${kid}`);
    throw new SealedTextError();
  }

  async function lookForNewest(orgId: string): Promise<DataKey> {
    const stored = (await dataKeys.get(orgId)) ?? (await create(orgId));
    const key = await adopt(orgId, stored.kid, stored).catch((error: unknown) => beforeIt(orgId, error));
    keep(kidsInUse, orgId, { kid: key.kid, untilMs: now() + seenMs });
    return key;
  }

  /** While the key service cannot give a newer key, the one before goes on sealing where it still may. */
  async function beforeIt(orgId: string, error: unknown): Promise<DataKey> {
    const before = kidsInUse.get(orgId);
    if (before === undefined || !isAway(error)) throw error;
    const key = await look(orgId, before.kid);
    if (key.isRetired) throw error;
    return key;
  }

  /** Many who ask at once are one question. */
  function shared(name: string, ask: () => Promise<DataKey>): Promise<DataKey> {
    const asking = asked.get(name) ?? ask().finally(() => asked.delete(name));
    asked.set(name, asking);
    return asking;
  }

  return {
    /** The key that seals for the organisation; made when it has none. */
    inUse: async (orgId: string): Promise<DataKey> => {
      const current = kidsInUse.get(orgId);
      if (current === undefined || current.untilMs <= now()) return shared(orgId, () => lookForNewest(orgId));
      const key = await named(orgId, current.kid).catch(unlessGone);
      return key === undefined || key.isRetired ? shared(orgId, () => lookForNewest(orgId)) : key;
    },
    /** The organisation's key with this id. Rejects with `SealedTextError` when it is gone or was never its own. */
    named,
  };
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof SealedTextError)) throw error;
}

function isAway(error: unknown): boolean {
  return error instanceof ClancyError && error.code === 'key_service_unavailable';
}
