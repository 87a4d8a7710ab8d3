import { sql, type SQL } from 'drizzle-orm';
import { callScopeOf } from '../../contracts/ids.ts';
import type { OrgTx } from '../../db/client.ts';
import { budgetUse } from '../../db/schema/hub/budget-use.ts';
import { callKeys } from '../../db/schema/hub/call-keys.ts';
import { statement } from '../../db/statement.ts';
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
  const column = (name: keyof BudgetLine) => lines.map((line) => line[name]);
  const rows = await insertShares(tx.db).execute({
    orgId: tx.orgId,
    kinds: column('kind'),
    subjects: column('subject'),
    periods: column('period'),
    units: column('unit'),
    amounts: column('amount'),
    mosts: column('most'),
  });
  const taken = new Set(rows.map(keyOf));
  const full = lines.find((line) => !taken.has(keyOf(line)));
  if (full) throw exceeded(full, nowMs);
}

const insertShares = statement((db) =>
  db
    .insert(budgetUse)
    .select(
      sql`select ${sql.placeholder('orgId')}, v.kind, v.subject, v.period, v.unit, v.amount, v.most, now()
        from unnest(${sql.placeholder('kinds')}::text[], ${sql.placeholder('subjects')}::text[],
          ${sql.placeholder('periods')}::text[], ${sql.placeholder('units')}::text[], ${sql.placeholder('amounts')}::numeric[],
          ${sql.placeholder('mosts')}::numeric[]) with ordinality as v (kind, subject, period, unit, amount, most, n)
        where v.amount <= v.most
        order by v.n`,
    )
    .onConflictDoUpdate({
      target: [budgetUse.orgId, budgetUse.kind, budgetUse.subject, budgetUse.period, budgetUse.unit],
      set: { used: sql`${budgetUse.used} + excluded.used`, most: sql`excluded.most`, updatedAt: sql`now()` },
      setWhere: sql`${budgetUse.used} + excluded.used <= excluded.most`,
    })
    .returning({ kind: budgetUse.kind, unit: budgetUse.unit })
    .prepare('insert_shares'),
);

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
