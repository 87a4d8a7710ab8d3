import { ClancyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { microsOf, moneySchema, type Money } from '../../contracts/money.ts';
import { ANY_CURRENCY, type Budget, type Quota } from '../../contracts/policy.ts';
import type { BUDGET_KINDS } from '../../db/schema/hub/budget-use.ts';
import { isEffect, type CapabilityDefinition } from '../providers/definition.ts';
import { exceeded } from './exceeded.ts';

/** What a call takes from the budgets: one effect, and money where it moves some. */
export interface Cost {
  money?: Money;
}

/** Limits and use of the budgets that a call counts against, at one moment. */
export interface Allowance {
  budget: Budget;
  quota: Quota;
  /** By `keyOf` the line; absent = nothing used. */
  used: { [line: string]: string };
  /** By the database's clock; names the UTC day. */
  nowMs: number;
}

/** One budget that a call counts against. Amounts are decimal text (contracts/money.ts). */
export interface BudgetLine {
  kind: (typeof BUDGET_KINDS)[number];
  subject: string;
  /** The UTC day; empty where the budget is no day's. */
  period: string;
  /** `effects`, or the currency. */
  unit: string;
  amount: string;
  most: string;
}

/** Whom a call counts for. */
export interface Spender {
  employeeId: string;
  callScope: string;
}

/**
 * Undefined for a read, which costs nothing.
 *
 * @throws ClancyError `parameters_invalid` where the amount is no money
 */
export function costOf(definition: CapabilityDefinition, parameters: JsonObject): Cost | undefined {
  if (!isEffect(definition)) return undefined;
  const money = definition.money?.(parameters);
  if (money === undefined) return {};
  const read = moneySchema.safeParse(money);
  if (read.success) return { money: read.data };
  throw new ClancyError('parameters_invalid', 'The call moves an amount that cannot be read as money.', {
    fields: [{ field: '/parameters', message: 'an amount such as 1250.00 and a currency such as USD are needed' }],
  });
}

/** The UTC day of a moment: `2025-06-09`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** In the order in which all calls take them; the one that most calls meet at comes last and is held the shortest. */
export function budgetLines(spender: Spender, cost: Cost, { budget, quota, nowMs }: Omit<Allowance, 'used'>): BudgetLine[] {
  const day = dayOf(nowMs);
  const effect = { unit: 'effects', amount: '1' };
  const byDay = { subject: spender.employeeId, period: day };
  return [
    { kind: 'run', subject: spender.callScope, period: '', ...effect, most: String(budget.effects_per_run) },
    { kind: 'employee_day', ...byDay, ...effect, most: String(budget.effects_per_day) },
    ...(cost.money ? [moneyLine(byDay, cost.money, budget)] : []),
    { kind: 'organisation_day', subject: '', period: day, ...effect, most: String(quota.effects_per_day) },
  ];
}

function moneyLine(byDay: Pick<BudgetLine, 'subject' | 'period'>, { currency, amount }: Money, budget: Budget): BudgetLine {
  const limits = budget.money_per_day;
  const most = (Object.hasOwn(limits, currency) ? limits[currency] : limits[ANY_CURRENCY]) ?? '0';
  return { kind: 'employee_day', ...byDay, unit: currency, amount, most };
}

export function keyOf({ kind, unit }: Pick<BudgetLine, 'kind' | 'unit'>): string {
  return `${kind} ${unit}`;
}

/**
 * Whether there is room for a call right now. The reservation decides again, where two calls at once meet.
 *
 * @throws ClancyError `budget_exceeded`, `quota_exceeded`
 */
export function assertRoom(lines: BudgetLine[], { used, nowMs }: Pick<Allowance, 'used' | 'nowMs'>): void {
  for (const line of lines) {
    const before = used[keyOf(line)] ?? '0';
    if (microsOf(before) + microsOf(line.amount) > microsOf(line.most)) throw exceeded(line, nowMs, before);
  }
}
