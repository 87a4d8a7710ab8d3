import { sql, type Placeholder } from 'drizzle-orm';
import { DEFAULT_BUDGET, DEFAULT_QUOTA, type Budget, type Quota } from '../../contracts/policy.ts';
import type { quotas } from '../../db/schema/authz/quotas.ts';
import { budgetUse } from '../../db/schema/hub/budget-use.ts';
import { providerLimits } from '../../db/schema/hub/provider-limits.ts';
import type { Allowance, Spender } from './budget.ts';

type Value = string | Placeholder;

/** Columns that belong into the query of a call's standing, so that looking at limits costs no statement of its own. */
export function limitColumns(
  orgId: Value,
  spender: { [K in keyof Spender]: Value },
  provider: { connectionId: Value; capability: Value },
) {
  const today = sql`to_char(now() at time zone 'UTC', 'YYYY-MM-DD')`;
  return {
    nowMs: sql<number>`(extract(epoch from now()) * 1000)::float8`,
    used: sql<{ [line: string]: string }>`(
      select coalesce(jsonb_object_agg(u.kind || ' ' || u.unit, u.used::text), '{}') from ${budgetUse} u
      where u.org_id = ${orgId} and (u.kind, u.subject, u.period) in (
        ('run', ${spender.callScope}, ''), ('employee_day', ${spender.employeeId}, ${today}), ('organisation_day', '', ${today})))`,
    providerLimit: providerLimitColumn(orgId, provider),
  };
}

/** Null = the provider has not asked for patience, or its time is over. */
export function providerLimitColumn(orgId: Value, { connectionId, capability }: { connectionId: Value; capability: Value }) {
  return sql<{ reason: string; left_ms: number } | null>`(
    select jsonb_build_object('reason', l.reason, 'left_ms', ceil(extract(epoch from l.until - clock_timestamp()) * 1000))
    from ${providerLimits} l
    where l.org_id = ${orgId} and l.connection_id = ${connectionId} and l.capability in ('', ${capability})
      and l.until > clock_timestamp()
    order by l.until desc limit 1)`;
}

/** A row of `authz.quotas`. */
export type QuotaRow = Pick<typeof quotas.$inferSelect, 'effectsPerDay' | 'callsPerMinute' | 'callsAtOnce'>;

/** What stands for an organisation or employee without a row of its own. */
export function toAllowance(row: {
  budget: Budget | null;
  quota: QuotaRow | null;
  used: Allowance['used'];
  nowMs: number;
}): Allowance {
  return {
    budget: row.budget ?? DEFAULT_BUDGET,
    quota: row.quota ? toQuota(row.quota) : DEFAULT_QUOTA,
    used: row.used,
    nowMs: row.nowMs,
  };
}

function toQuota({ effectsPerDay, callsPerMinute, callsAtOnce }: QuotaRow): Quota {
  return { effects_per_day: effectsPerDay, calls_per_minute: callsPerMinute, calls_at_once: callsAtOnce };
}
