import type { ApiRequest, RateLimit } from '../definition.ts';

/**
 * https://developers.google.com/workspace/gmail/api/reference/quota: units a minute of each user. The limit of the project
 * (all users together) is the installation's own and not counted here: Google tells it with another word (`rateLimitExceeded`).
 */
export const gmailLimits: readonly RateLimit[] = [
  { name: 'units a minute', countedBy: 'connection', units: 6_000, perMs: 60_000, cost: gmailUnitsOf },
];

/** The same page's table; what it does not name costs as much as its dearest read. */
const UNITS: readonly [RegExp, number][] = [
  [/^POST messages\/send$/, 100],
  [/^POST messages\/[^/]+\/modify$/, 5],
  [/^POST drafts$/, 10],
  [/^GET messages(?:\/[^/]+)?$/, 5],
  [/^GET drafts$/, 5],
  [/^GET history$/, 2],
  [/^POST watch$/, 100],
  [/^GET (?:labels|profile)$/, 1],
];
const DEAREST_READ = 10;

export function gmailUnitsOf({ method, verb = 'GET' }: Pick<ApiRequest, 'method' | 'verb'>): number {
  const found = UNITS.find(([pattern]) => pattern.test(`${verb} ${method}`));
  return found?.[1] ?? DEAREST_READ;
}
