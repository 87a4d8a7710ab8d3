import { budgetsOf } from '../../connecthub/testing/budgets.ts';
import type { HubHarness } from '../../connecthub/testing/harness.ts';
import type { Office } from '../../connecthub/testing/office.ts';
import type { Kind } from './kinds.ts';

/** An organisation with an account at a provider of its own. */
export interface Site {
  readonly kind: Kind;
  readonly office: Office;
  /** The employee's token, a new one in time. */
  token(): Promise<string>;
}

/** The source keeps a token of fifteen minutes nearly to its end: shorter than what it then leaves. */
const RENEW_MS = 20_000;
/** One run makes the calls of all kills, which are more than a run may make by itself. */
const BUDGET = { effects_per_run: 1_000_000, effects_per_day: 1_000_000, money_per_day: { '*': '1000000000' } };

export async function openSite(harness: HubHarness, kind: Kind): Promise<Site> {
  const { provider, lacks } = kind;
  const office = await harness.office({ provider });
  await budgetsOf(harness.owner, office).set(BUDGET);
  for (const scope of lacks) {
    await harness.owner.query('update hub.connections set scopes = array_remove(scopes, $2) where org_id = $1', [
      office.orgId,
      scope,
    ]);
  }
  let token = office.agentToken;
  let renewAtMs = performance.now() + RENEW_MS;
  return {
    kind,
    office,
    token: async () => {
      if (performance.now() < renewAtMs) return token;
      renewAtMs = performance.now() + RENEW_MS;
      token = await office.agentTokenFor([...office.ticketClaims.capabilities]);
      return token;
    },
  };
}
