import { ClancyError } from '../../contracts/errors.ts';
import type { BudgetLine } from './budget.ts';

const DAY_MS = 86_400_000;

/** What the caller hears of a budget that has no room for its call. `used`: where it is known. */
export function exceeded(line: BudgetLine, nowMs: number, used?: string): ClancyError {
  const { kind, unit, most } = line;
  const code = kind === 'organisation_day' ? 'quota_exceeded' : 'budget_exceeded';
  const freesAtMs = line.period === '' ? undefined : Date.parse(line.period) + DAY_MS;
  const freesAt = freesAtMs === undefined ? undefined : new Date(freesAtMs).toISOString();
  const setBy =
    code === 'quota_exceeded'
      ? 'Somebody with the permission quotas.write can raise it: PUT /v1/quotas.'
      : 'A manager can raise it: POST /v1/employees/{id}/activate with a budget.';
  return new ClancyError(code, `${SUBJECTS[kind]} may ${what(line)}, and that has no room for this call.`, {
    fields: [{ field: fieldOf(line), message: used === undefined ? `at most ${most}` : `${plain(used)} of ${most} used` }],
    next: `${setBy} Then repeat the call or retry the run.`,
    // Where nothing frees up by itself, waiting is no help.
    ...(freesAtMs !== undefined && { retryAfterMs: Math.max(1_000, freesAtMs - nowMs) }),
    extra: {
      limit: {
        most,
        unit,
        needed: line.amount,
        ...(used !== undefined && { used: plain(used) }),
        ...(freesAt !== undefined && { frees_at: freesAt }),
      },
    },
  });
}

const SUBJECTS: { [kind in BudgetLine['kind']]: string } = {
  run: 'A run of this employee',
  employee_day: 'This employee',
  organisation_day: 'The organisation',
};

function what({ kind, unit, most }: BudgetLine): string {
  const per = kind === 'run' ? '' : ' per UTC day';
  return unit === 'effects' ? `make ${most} effects${per}` : `spend ${most} ${unit}${per}`;
}

/** JSON pointer into the budget or the quota. */
function fieldOf({ kind, unit }: BudgetLine): string {
  if (kind === 'organisation_day') return '/quota/effects_per_day';
  if (unit !== 'effects') return `/budget/money_per_day/${unit}`;
  return kind === 'run' ? '/budget/effects_per_run' : '/budget/effects_per_day';
}

/** PostgreSQL's `3.000000` as `3`, `12.500000` as `12.50`. */
function plain(amount: string): string {
  const [whole = '0', fraction = ''] = amount.split('.');
  const kept = fraction.replace(/0+$/, '');
  return kept === '' ? whole : `${whole}.${kept.padEnd(2, '0')}`;
}
