import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

/** What the judge keeps, without an end and in memory. */
export interface Store {
  adapter: AdapterFactory;
  /** Forgets all of a kind. */
  drop(model: string): void;
  /**
   * A token that was consumed is not yet for that long: how servers do it that let a refresh token be used again whose
   * answer was lost. None at first.
   */
  setLeeway(ms: number): void;
}

export function createStore(): Store {
  let leewayMs = 0;
  const kept = new Map<string, { model: string; payload: AdapterPayload; consumedAtMs?: number }>();
  const adapter = (model: string): Adapter => {
    const keyOf = (id: string): string => `${model}:${id}`;
    const none = async (): Promise<undefined> => undefined;
    return {
      upsert: async (id, payload) => void kept.set(keyOf(id), { model, payload }),
      find: async (id) => {
        const found = kept.get(keyOf(id));
        if (found?.consumedAtMs === undefined || Date.now() - found.consumedAtMs < leewayMs) return found?.payload;
        return { ...found.payload, consumed: Math.floor(found.consumedAtMs / 1_000) };
      },
      consume: async (id) => {
        const found = kept.get(keyOf(id));
        if (found) found.consumedAtMs ??= Date.now();
      },
      destroy: async (id) => void kept.delete(keyOf(id)),
      revokeByGrantId: async (grantId) => {
        for (const [key, one] of kept) if (one.model === model && one.payload.grantId === grantId) kept.delete(key);
      },
      findByUserCode: none,
      findByUid: none,
    };
  };
  return {
    adapter,
    setLeeway: (ms) => void (leewayMs = ms),
    drop: (model) => {
      for (const [key, one] of kept) if (one.model === model) kept.delete(key);
    },
  };
}
