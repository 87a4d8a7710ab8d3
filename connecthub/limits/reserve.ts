import { sql, type SQL } from 'drizzle-orm';
import { callScopeOf } from '../../contracts/ids.ts';
import type { OrgTx } from '../../db/client.ts';
import { budgetUse } from '../../db/schema/hub/budget-use.ts';
import { callKeys } from '../../db/schema/hub/call-keys.ts';
import { keyOf, type BudgetLine } from './budget.ts';
import { exceeded } from './exceeded.ts';

/** What a ledger entry keeps of its reservation. */
export const RESERVATION = {
  state: callKeys.state,
  employeeId: callKeys.employeeId,
  runId: callKeys.runId,
  reservedOn: callKeys.reservedOn,
  currency: callKeys.reservedCurrency,
  amount: callKeys.reservedAmount,
};

export interface Reserved {
  state: string;
  employeeId: string;
  runId: string;
  reservedOn: string | null;
  currency: string | null;
  amount: string | null;
}

/**
 * Takes a call's share of all its budgets, or of none: the transaction that begins the attempt must not commit without
 * room. One statement; each row is locked in the order of the lines until the commit, so that calls at once queue and
 * never wait for each other in a circle.
 *
 * @throws ClancyError `budget_exceeded`, `quota_exceeded`
 */
export async function reserve(tx: OrgTx, lines: BudgetLine[], nowMs: number): Promise<void> {
  if (lines.length === 0) return;
  const { rows } = await tx.db.execute<Pick<BudgetLine, 'kind' | 'unit'>>(sql`
    insert into ${budgetUse} as u (org_id, kind, subject, period, unit, used, most)
    select ${tx.orgId}, v.kind, v.subject, v.period, v.unit, v.amount, v.most
    from (values ${sql.join(lines.map(toRow), sql`, `)}) as v (n, kind, subject, period, unit, amount, most)
    where v.amount <= v.most
    order by v.n
    on conflict (org_id, kind, subject, period, unit) do update
      set used = u.used + excluded.used, most = excluded.most, updated_at = now()
      where u.used + excluded.used <= excluded.most
    returning u.kind, u.unit`);
  const taken = new Set(rows.map(keyOf));
  const full = lines.find((line) => !taken.has(keyOf(line)));
  if (full) throw exceeded(full, nowMs);
}

/**
 * Gives back what a call reserved, once its state says that the provider provably did nothing; anything else keeps it.
 * To be called once per transition, in its transaction.
 */
export async function returnIfRefused(tx: OrgTx, reserved: Reserved | undefined): Promise<void> {
  if (reserved?.state !== 'refused' || reserved.reservedOn === null) return;
  const { employeeId, reservedOn, currency, amount } = reserved;
  const lines: Share[] = [
    { kind: 'run', subject: callScopeOf(reserved.runId), period: '', unit: 'effects', amount: '1' },
    { kind: 'employee_day', subject: employeeId, period: reservedOn, unit: 'effects', amount: '1' },
    ...(currency === null || amount === null
      ? []
      : [{ kind: 'employee_day' as const, subject: employeeId, period: reservedOn, unit: currency, amount }]),
    { kind: 'organisation_day', subject: '', period: reservedOn, unit: 'effects', amount: '1' },
  ];
  // Locked in the order in which they were taken.
  await tx.db.execute(sql`
    with held as (
      select u.kind, u.subject, u.period, u.unit, v.amount
      from (values ${sql.join(lines.map(toShare), sql`, `)}) as v (n, kind, subject, period, unit, amount)
      join ${budgetUse} u on u.org_id = ${tx.orgId} and u.kind = v.kind and u.subject = v.subject
        and u.period = v.period and u.unit = v.unit
      order by v.n for update of u
    )
    update ${budgetUse} u set used = greatest(u.used - held.amount, 0), updated_at = now() from held
    where u.org_id = ${tx.orgId} and u.kind = held.kind and u.subject = held.subject
      and u.period = held.period and u.unit = held.unit`);
}

type Share = Omit<BudgetLine, 'most'>;

function toShare({ kind, subject, period, unit, amount }: Share, n: number): SQL {
  return sql`(${n}::int, ${kind}::text, ${subject}::text, ${period}::text, ${unit}::text, ${amount}::numeric)`;
}

function toRow(line: BudgetLine, n: number): SQL {
  const { kind, subject, period, unit, amount, most } = line;
  return sql`(${n}::int, ${kind}::text, ${subject}::text, ${period}::text, ${unit}::text, ${amount}::numeric, ${most}::numeric)`;
}
