import { and, desc, eq, gte, lte, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { CallSummary } from '../../contracts/call-summary.ts';
import type { HubDatabase } from '../../db/client.ts';
import { receipts } from '../../db/schema/hub/receipts.ts';

export const summaryQuery = z.strictObject({
  since: z.iso.datetime({ offset: true }),
  until: z.iso.datetime({ offset: true }),
  employee_id: z.string().max(64).optional(),
});

/** Kinds of ends in one answer: far more than an organisation's skills have. */
const MAX_ITEMS = 2_000;
const RUN_IDS = 10;

/** The calls of a time by employee, skill, capability and how they ended, the most frequent first. */
export async function summariseReceipts(
  database: Pick<HubDatabase, 'withOrgRead'>,
  orgId: string,
  query: z.infer<typeof summaryQuery>,
): Promise<CallSummary[]> {
  const skill = sql<string>`coalesce(substring(${receipts.callId} from ':skill:([a-z][a-z0-9_]*)'), '')`;
  const calls = sql<number>`count(*)::int`;
  const units = sql`(select coalesce(sum((a ->> 'cost_units')::int), 0) from jsonb_array_elements(${receipts.attempts}) a)`;
  return database.withOrgRead({ orgId }, (tx) =>
    tx.db
      .select({
        employee_id: receipts.employeeId,
        skill,
        capability: receipts.capability,
        outcome: receipts.outcome,
        error_code: receipts.errorCode,
        calls,
        latency_ms: sql<number>`coalesce(sum(${receipts.latencyMs}), 0)::float8`,
        cost_units: sql<number>`coalesce(sum(${units}), 0)::float8`,
        run_ids: sql<string[]>`(array_agg(${receipts.runId} order by ${receipts.createdAt} desc))[1:${sql.raw(String(RUN_IDS))}]`,
      })
      .from(receipts)
      .where(
        and(
          eq(receipts.orgId, orgId),
          eq(receipts.mode, 'live'),
          gte(receipts.createdAt, new Date(query.since)),
          lte(receipts.createdAt, new Date(query.until)),
          query.employee_id === undefined ? undefined : eq(receipts.employeeId, query.employee_id),
        ),
      )
      .groupBy(receipts.employeeId, sql`2`, receipts.capability, receipts.outcome, receipts.errorCode)
      .orderBy(desc(calls))
      .limit(MAX_ITEMS),
  );
}
