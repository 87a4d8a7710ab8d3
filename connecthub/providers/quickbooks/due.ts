import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { ProviderReader } from '../definition.ts';
import { optional, text } from '../parameters.ts';
import { runQuery, type Condition } from './query.ts';

const DAY_MS = 86_400_000;

/** `paid`, `open` or `overdue` on a day, and by how many days. What is due on the day itself is not late. */
export function dueState(one: { Balance: number; DueDate?: string | undefined }, today: string) {
  if (one.Balance === 0) return { status: 'paid', days_overdue: 0 };
  const late = one.DueDate === undefined ? 0 : Math.max(0, Math.round((Date.parse(today) - Date.parse(one.DueDate)) / DAY_MS));
  return { status: late > 0 ? 'overdue' : 'open', days_overdue: late };
}

/** The conditions of `status`, `due_before`, `min_days_overdue` and `due_within_days`, as far as a capability has them. */
export async function dueConditions(parameters: JsonObject, reader: ProviderReader): Promise<Condition[]> {
  const status = text(parameters, 'status');
  const lateDays = optional(parameters, 'min_days_overdue') ?? (status === 'overdue' ? 1 : undefined);
  const withinDays = optional(parameters, 'due_within_days');
  const dueBefore = text(parameters, 'due_before');
  const isUnpaid = status === 'open' || lateDays !== undefined || withinDays !== undefined;
  const dueDate = (operator: '<' | '<=', value: string): Condition => ({ property: 'DueDate', operator, value });
  const today = lateDays === undefined && withinDays === undefined ? '' : await readToday(reader);
  return [
    ...(status === 'paid' ? [{ property: 'Balance', operator: '=' as const, value: '0' }] : []),
    ...(isUnpaid ? [{ property: 'Balance', operator: '>' as const, value: '0' }] : []),
    ...(lateDays === undefined ? [] : [dueDate('<=', addDays(today, -Number(lateDays)))]),
    ...(withinDays === undefined ? [] : [dueDate('<=', addDays(today, Number(withinDays)))]),
    ...(dueBefore === '' ? [] : [dueDate('<', dueBefore)]),
  ];
}

/** The day (UTC) by QuickBooks' clock, so that "late" in a question is "late" in its answer. */
async function readToday(reader: ProviderReader): Promise<string> {
  return (await runQuery(reader, { entity: 'Customer', where: [], maxResults: 1 }, z.unknown())).today;
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}
