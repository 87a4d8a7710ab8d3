import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import { jsonObjectSchema } from '../../contracts/json.ts';
import type { OrgScope } from '../../db/client.ts';
import { insightDismissals } from '../../db/schema/core/insight-dismissals.ts';
import { readInsights, type InsightsDeps } from './insights.ts';
import type { SuggestionView } from './suggestion.ts';

export const dismissBody = z.strictObject({
  /** Why, for whoever looks at it later. */
  reason: z.string().max(500).optional(),
});

export interface DismissRequest {
  suggestionId: string;
  bearer: string;
  reason: string | undefined;
}

/** The widest window that may be asked for: what is shown in any is found in it, or was decided by newer cases. */
const DAYS = [30, 90, 7, 1];

/**
 * Keeps a suggestion from being shown again, with its evidence as it is now. Once more changes nothing.
 * @throws ClancyError `not_found` for what is suggested by no window.
 */
export async function dismissSuggestion(deps: InsightsDeps, scope: OrgScope, request: DismissRequest): Promise<SuggestionView> {
  const { suggestionId, bearer, reason } = request;
  const suggestion = await findSuggestion(deps, scope.orgId, bearer, suggestionId);
  await deps.db.withOrg(scope, async (tx) => {
    const row = {
      suggestionId,
      suggestion: jsonObjectSchema.parse(suggestion),
      reason: reason ?? null,
      dismissedBy: scope.actor.id,
    };
    await tx.db
      .insert(insightDismissals)
      .values({ orgId: tx.orgId, ...row })
      .onConflictDoNothing();
    const details = { kind: suggestion.kind, employee_id: suggestion.employee_id };
    tx.audit({ action: 'insight.dismiss', objectType: 'insight', objectId: suggestionId, allowed: true, details });
  });
  return suggestion;
}

async function findSuggestion(deps: InsightsDeps, orgId: string, bearer: string, id: string): Promise<SuggestionView> {
  for (const days of DAYS) {
    const { suggestions } = await readInsights(deps, { orgId, bearer, query: { days, dismissed: 'true' } });
    const found = suggestions.find(({ suggestion_id }) => suggestion_id === id);
    if (found) return found;
  }
  throw new ClancyError('not_found', 'Nothing of this id is suggested (any more).', {
    next: 'GET /v1/insights lists suggestions.',
  });
}
