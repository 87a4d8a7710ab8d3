import { eq } from 'drizzle-orm';
import { v5 as uuidV5 } from 'uuid';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase, OrgReadTx } from '../../db/client.ts';
import { insightDismissals } from '../../db/schema/core/insight-dismissals.ts';
import type { ConnectHubClient } from '../connecthub/client.ts';
import { employeeIdSchema } from '../employees/views.ts';
import type { CallsSeen, Evidence } from './evidence.ts';
import { readApprovals, readEmployees, readRuns, type Window } from './read-evidence.ts';
import { suggestFromAnswers } from './suggest-approvals.ts';
import { suggestFromRuns } from './suggest-runs.ts';
import type { Suggestion, SuggestionView } from './suggestion.ts';
import { viewFigures, type InsightsView } from './views.ts';

const DAY_MS = 86_400_000;
/** Namespace of the ids of suggestions. */
const SUGGESTIONS = '2f6b1a52-4f5d-4f0e-9a4c-7d9f3c1b8e60';

export const insightsQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(90).default(30).describe('the window, up to now'),
  employee_id: employeeIdSchema.optional(),
  dismissed: z.enum(['true', 'false']).default('false').describe('true: suggestions that were dismissed too'),
});

export interface InsightsDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>;
  connecthub: Pick<ConnectHubClient, 'callSummaries'>;
  now: () => Date;
}

export interface InsightsRequest {
  orgId: string;
  /** Whose ConnectHub is asked with. */
  bearer: string;
  query: z.infer<typeof insightsQuery>;
}

/** What the runs of a window were like, and what that suggests. Reads alone: nothing is changed by it. */
export async function readInsights(deps: InsightsDeps, { orgId, bearer, query }: InsightsRequest): Promise<InsightsView> {
  const until = deps.now();
  const window = { since: new Date(until.getTime() - query.days * DAY_MS), until, employeeId: query.employee_id };
  const [core, hub] = await Promise.all([
    deps.db.withOrgRead({ orgId }, (tx) => readCore(tx, window)),
    readCalls(deps, bearer, window),
  ]);
  const { dismissed, ...seen } = core;
  const evidence: Evidence = { since: window.since, until, ...seen, calls: hub.calls };
  const suggestions = suggestionsOf(evidence).filter(
    ({ suggestion_id }) => query.dismissed === 'true' || !dismissed.has(suggestion_id),
  );
  return {
    since: window.since.toISOString(),
    until: until.toISOString(),
    runs_considered: evidence.runs.length,
    calls_missing: hub.missing,
    ...viewFigures(evidence),
    suggestions,
  };
}

async function readCore(tx: OrgReadTx, window: Window) {
  const [runs, approvals, dismissed] = await Promise.all([readRuns(tx, window), readApprovals(tx, window), readDismissed(tx)]);
  return { runs, approvals, dismissed, employees: await readEmployees(tx, window, runs) };
}

async function readDismissed(tx: OrgReadTx): Promise<Set<string>> {
  const rows = await tx.db
    .select({ id: insightDismissals.suggestionId })
    .from(insightDismissals)
    .where(eq(insightDismissals.orgId, tx.orgId));
  return new Set(rows.map(({ id }) => id));
}

/** Receipts are ConnectHub's. Without them the rest still holds. */
async function readCalls(
  { connecthub }: Pick<InsightsDeps, 'connecthub'>,
  bearer: string,
  window: Window,
): Promise<{ calls: CallsSeen[] | null; missing: string | null }> {
  try {
    const calls = (await connecthub.callSummaries(bearer, window)).map((one) => ({
      employeeId: one.employee_id,
      skill: one.skill,
      capability: one.capability,
      outcome: one.outcome,
      errorCode: one.error_code,
      calls: one.calls,
      latencyMs: one.latency_ms,
      costUnits: one.cost_units,
      runIds: one.run_ids,
    }));
    return { calls, missing: null };
  } catch (error) {
    if (error instanceof ClancyError) return { calls: null, missing: error.message };
    throw error;
  }
}

/** Those with the most cases first. */
export function suggestionsOf(evidence: Evidence): SuggestionView[] {
  const names = new Map(evidence.employees.map(({ employeeId, name }) => [employeeId, name]));
  return [...suggestFromRuns(evidence), ...suggestFromAnswers(evidence)]
    .map((suggestion) => toView(suggestion, names.get(suggestion.employeeId) ?? suggestion.employeeId))
    .toSorted((one, other) => other.evidence.count - one.evidence.count);
}

function toView({ about, ...suggestion }: Suggestion, employeeName: string): SuggestionView {
  const { kind, employeeId, skill, capability, text, next, rule, evidence } = suggestion;
  return {
    suggestion_id: uuidV5(JSON.stringify([kind, employeeId, skill, capability, about ?? null]), SUGGESTIONS),
    kind,
    employee_id: employeeId,
    employee_name: employeeName,
    skill,
    capability,
    text,
    next,
    rule,
    evidence: { count: evidence.count, of: evidence.of, run_ids: evidence.runIds, approval_ids: evidence.approvalIds },
  };
}
