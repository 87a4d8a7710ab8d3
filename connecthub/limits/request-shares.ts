import type { Database, OrgScope } from '../../db/client.ts';
import type { ApiRequest, RateLimit } from '../providers/definition.ts';
import { ratesOf, SHARE_KEEPS_MS } from './rate.ts';
import { takeInTurn, type Sent } from './turn.ts';

/** Shares of a provider's limits for the requests of one call. */
export interface RequestShares {
  /** Whether a share for this very request is at hand, and not so old that the provider could count it elsewhere. */
  has: (request: ApiRequest) => boolean;
  /** Takes one, waiting at most so long. Defined: there is none within it. */
  take: (request: ApiRequest, patienceMs: number) => Promise<Sent | undefined>;
}

export interface SharesOf {
  scope: OrgScope;
  connectionId: string;
  limits: readonly RateLimit[];
  /** The request whose share was taken with the call's own beginning, and how old that is. */
  first?: { request: ApiRequest; ageMs: () => number } | undefined;
}

export function createRequestShares(
  database: Pick<Database, 'withOrg'>,
  { scope, connectionId, limits, first }: SharesOf,
): RequestShares {
  const ages = new WeakMap<ApiRequest, () => number>();
  if (first) ages.set(first.request, first.ageMs);
  return {
    has: (request) => (ages.get(request)?.() ?? Number.POSITIVE_INFINITY) < SHARE_KEEPS_MS,
    take: async (request, patienceMs) => {
      const rates = ratesOf(limits, connectionId, request);
      const taken = rates.length === 0 ? { sinceMs: performance.now() } : await takeInTurn(database, scope, rates, patienceMs);
      if ('rate' in taken) return taken;
      ages.set(request, () => performance.now() - taken.sinceMs);
      return undefined;
    },
  };
}
