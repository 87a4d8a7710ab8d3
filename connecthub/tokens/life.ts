import type { TokenRow } from './connection-token.ts';

/** A token is refreshed once this much of its life is over, while it still works: a failure then hurts nobody. */
const REFRESH_AT = 0.75;
/** Tokens that were issued together are refreshed apart from each other, by up to this much of their life. */
const JITTER = 0.1;
/** Where nobody knows how long the token was to live. */
const DUE_BEFORE_END_MS = 60_000;
/** A token that is this close to its end may be over before the provider looks at it. */
const LAST_MS = 5_000;
/** Of the time between the refresh and the end: what lives for seconds is used for longer than half of them. */
const LAST_SHARE = 0.4;

/** Seconds from its issue until a token is to be refreshed. `random` is 0 to 1. */
export function refreshAfterSeconds(lifeSeconds: number, random: number): number {
  return lifeSeconds * (REFRESH_AT + JITTER * (random - 0.5));
}

type Life = Pick<TokenRow, 'leftMs' | 'dueMs' | 'refreshToken'>;

/** Whether it works for now. */
export function isUsable(row: Life): boolean {
  return row.leftMs === null || row.leftMs > lastMs(row.leftMs, dueIn(row, row.leftMs));
}

/** Whether it should be refreshed by now. What cannot be refreshed is used as long as it works. */
export function isDue(row: Life): boolean {
  if (row.leftMs === null) return false;
  if (row.refreshToken === null) return !isUsable(row);
  const due = dueIn(row, row.leftMs);
  return due === undefined ? row.leftMs <= DUE_BEFORE_END_MS : due <= 0;
}

/** Undefined where nobody knows: rows from before it was kept, and those whose end was moved forward since. */
function dueIn({ dueMs }: Life, leftMs: number): number | undefined {
  return dueMs === null || dueMs > leftMs ? undefined : dueMs;
}

function lastMs(leftMs: number, dueMs: number | undefined): number {
  return dueMs === undefined ? LAST_MS : Math.min(LAST_MS, (leftMs - dueMs) * LAST_SHARE);
}
