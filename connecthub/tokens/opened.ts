import type { HeldToken } from './tokens.ts';

/** As long as a data key is kept in memory: a destroyed one may still work for that time. */
const KEEP_MS = 5 * 60_000;
const MAX_TOKENS = 1_000;

/** Access tokens that were opened a moment ago, in memory only, found by the very text that they were sealed as. */
export interface OpenedTokens {
  find(connection: Place, sealed: string): HeldToken | undefined;
  keep(connection: Place, sealed: string, held: HeldToken): void;
}

interface Place {
  orgId: string;
  connectionId: string;
}

/** @param now monotonic milliseconds */
export function createOpenedTokens(now: () => number = () => performance.now()): OpenedTokens {
  const opened = new Map<string, { sealed: string; held: HeldToken; untilMs: number }>();
  const keyOf = ({ orgId, connectionId }: Place): string => `${orgId}|${connectionId}`;
  return {
    find: (connection, sealed) => {
      const known = opened.get(keyOf(connection));
      if (known?.sealed === sealed && known.untilMs > now()) return known.held;
      opened.delete(keyOf(connection));
      return undefined;
    },
    keep: (connection, sealed, held) => {
      opened.delete(keyOf(connection));
      opened.set(keyOf(connection), { sealed, held, untilMs: now() + KEEP_MS });
      const oldest = opened.keys().next();
      if (opened.size > MAX_TOKENS && !oldest.done) opened.delete(oldest.value);
    },
  };
}
