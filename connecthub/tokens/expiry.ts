import { sql, type SQL } from 'drizzle-orm';
import type { TokenAnswer } from '../providers/definition.ts';
import { refreshAfterSeconds } from './life.ts';

/** The columns of a token's life, by the database's clock. `random` is 0 to 1. */
export function expiryOf(
  { expiresInSeconds }: Pick<TokenAnswer, 'expiresInSeconds'>,
  random: number,
): { tokenExpiresAt: SQL | null; tokenRefreshAt: SQL | null } {
  if (expiresInSeconds === undefined) return { tokenExpiresAt: null, tokenRefreshAt: null };
  const inSeconds = (seconds: number) => sql`now() + make_interval(secs => ${seconds})`;
  return {
    tokenExpiresAt: inSeconds(expiresInSeconds),
    tokenRefreshAt: inSeconds(refreshAfterSeconds(expiresInSeconds, random)),
  };
}
