import { deepStrictEqual } from 'node:assert';
import type pg from 'pg';
import { DEFAULT_BUDGET, type Budget } from '../../contracts/policy.ts';
import type { Office } from './office.ts';

/** Budget and quota as Agent-Core would write them, and what ConnectHub has counted. */
export interface Budgets {
  set(change: Partial<Budget>): Promise<void>;
  setQuota(effectsPerDay: number): Promise<void>;
  /** Used amounts by `kind unit`, all periods together. */
  used(): Promise<{ [line: string]: number }>;
  /** Fails where that is not what the ledger's calls have reserved: the two agree at all times. */
  assertCounted(): Promise<void>;
}

type Rows = { line: string; amount: number }[];

const USED = `select kind || ' ' || unit as line, sum(used)::float8 as amount from hub.budget_use where org_id = $1 and used > 0
  group by 1 order by 1`;

const RESERVED = `
  with held as (select * from hub.call_keys where org_id = $1 and reserved_on is not null and state <> 'refused')
  select line, sum(amount)::float8 as amount from (
    select kind || ' effects' as line, 1 as amount from held cross join unnest(array['run', 'employee_day', 'organisation_day']) kind
    union all select 'employee_day ' || reserved_currency, reserved_amount from held where reserved_amount > 0
  ) lines group by 1 order by 1`;

export function budgetsOf(owner: pg.Client, { orgId, employeeId }: Pick<Office, 'orgId' | 'employeeId'>): Budgets {
  const sums = async (query: string) =>
    Object.fromEntries((await owner.query<Rows[number]>(query, [orgId])).rows.map(({ line, amount }) => [line, amount]));
  return {
    set: async (change) => {
      await owner.query(
        `insert into authz.budgets (org_id, employee_id, budget, set_by) values ($1, $2, $3, 'user_boss')
         on conflict (org_id, employee_id) do update set budget = excluded.budget`,
        [orgId, employeeId, JSON.stringify({ ...DEFAULT_BUDGET, ...change })],
      );
    },
    setQuota: async (effectsPerDay) => {
      await owner.query(
        `insert into authz.quotas (org_id, effects_per_day, set_by) values ($1, $2, 'user_boss')
         on conflict (org_id) do update set effects_per_day = excluded.effects_per_day`,
        [orgId, effectsPerDay],
      );
    },
    used: () => sums(USED),
    assertCounted: async () => deepStrictEqual(await sums(USED), await sums(RESERVED)),
  };
}
