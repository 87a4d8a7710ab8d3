import { randomBytes } from 'node:crypto';
import type { DataKeyName, KeyService } from './key-service.ts';
import { KEY_BYTES, SealedTextError } from './sealed.ts';

/** An organisation's data key as it is stored. */
export type WrappedDataKey = { readonly orgId: string; readonly kid: string; readonly wrapped: string };

/** Where wrapped data keys live: a table of the process that uses them. */
export type DataKeyStore = {
  /** The key with this id, or without one the key in use (the newest). */
  readonly get: (orgId: string, kid?: string) => Promise<WrappedDataKey | undefined>;
  /**
   * Stores an organisation's first key unless it has one by now, and resolves to the key in use, which is another
   * one when somebody was faster. Must be committed before it resolves: the key is used at once.
   */
  readonly insert: (key: WrappedDataKey) => Promise<WrappedDataKey>;
};

export type DataKey = { readonly kid: string; readonly key: Buffer };

export type DataKeysConfig = {
  readonly keyService: KeyService;
  readonly dataKeys: DataKeyStore;
  readonly maxCached?: number;
  readonly cacheMs?: number;
  readonly now?: () => number;
};

const MAX_CACHED = 1_000;
/** How long a destroyed key may still work in a process that had it at hand. */
const CACHE_MS = 5 * 60_000;

type Cached = DataKey & { readonly untilMs: number };

/** Unwrapped data keys, kept in memory for a while and up to a number. */
export function createDataKeys(config: DataKeysConfig) {
  const { keyService, dataKeys, now = Date.now, maxCached = MAX_CACHED, cacheMs = CACHE_MS } = config;
  const cache = new Map<string, Cached>();

  function cached(cacheKey: string): DataKey | undefined {
    const entry = cache.get(cacheKey);
    if (entry !== undefined && entry.untilMs > now()) return entry;
    cache.delete(cacheKey);
    return undefined;
  }

  /** Unwraps under the names that were asked for: a row of another organisation fails here, whatever it says it is. */
  async function unwrap(cacheKey: string, name: DataKeyName, wrapped: string): Promise<DataKey> {
    const key = await keyService.unwrap(name, wrapped);
    const entry = { kid: name.kid, key, untilMs: now() + cacheMs };
    cache.set(cacheKey, entry);
    const oldest = cache.keys().next();
    if (cache.size > maxCached && !oldest.done) cache.delete(oldest.value);
    return entry;
  }

  async function create(orgId: string): Promise<WrappedDataKey> {
    const kid = randomBytes(9).toString('base64url');
    const wrapped = await keyService.wrap({ orgId, kid }, randomBytes(KEY_BYTES));
    return dataKeys.insert({ orgId, kid, wrapped });
  }

  return {
    /** The key that seals for the organisation; made when it has none. */
    inUse: async (orgId: string): Promise<DataKey> => {
      const known = cached(`${orgId}|`);
      if (known !== undefined) return known;
      const { kid, wrapped } = (await dataKeys.get(orgId)) ?? (await create(orgId));
      return unwrap(`${orgId}|`, { orgId, kid }, wrapped);
    },
    /** The organisation's key with this id. Rejects with `SealedTextError` when it is gone or was never its own. */
    named: async (orgId: string, kid: string): Promise<DataKey> => {
      const known = cached(`${orgId}|${kid}`);
      if (known !== undefined) return known;
      const stored = await dataKeys.get(orgId, kid);
      if (stored === undefined) throw new SealedTextError();
      return unwrap(`${orgId}|${kid}`, { orgId, kid }, stored.wrapped);
    },
  };
}
