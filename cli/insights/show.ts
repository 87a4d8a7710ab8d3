import { z } from 'zod';
import type { InsightsAnswer, SuggestionAnswer } from '../client/answers/insights.ts';
import { oneLine, safeJson } from '../output/plain-text.ts';
import { page, section, table } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';
import { verb } from '../verb.ts';

export const showInsights = verb({
  name: 'show',
  summary: 'show how employees and skills did, and what that suggests; nothing is changed by it',
  options: [
    { flags: '--days <n>', description: 'the window up to now, 1 to 90 (30 unless said otherwise)' },
    { flags: '--employee <id>', description: 'of this employee alone' },
    { flags: '--dismissed', description: 'suggestions that were dismissed too' },
  ],
  examples: ['clancy insights show', 'clancy insights show --days 7 --json'],
  input: z.strictObject({
    days: z.coerce.number('a number').int('a whole number').min(1, '1 to 90').max(90, '1 to 90').optional(),
    employee: z.string().optional(),
    dismissed: z.boolean().optional(),
  }),
  run: async ({ client, show }, { days, employee, dismissed }) => {
    const query = { days, employee_id: employee, ...(dismissed === true && { dismissed: 'true' }) };
    show(await client.insights.get(query), renderInsights);
  },
});

function renderInsights(insights: InsightsAnswer): string {
  const { since, runs_considered: runs, calls_missing: missing, employees, skills, suggestions } = insights;
  const used = skills.filter((skill) => skill.runs > 0);
  return page([
    `${runs} runs since ${formatInstant(since)}.${missing === null || missing === undefined ? '' : ` No figures of calls: ${oneLine(missing)}`}`,
    ...section(
      'Employees',
      employees.length === 0
        ? ''
        : table(
            ['EMPLOYEE', ...COLUMNS],
            employees.map((one) => [one.name, ...figures(one)]),
          ),
    ),
    ...section(
      'Skills',
      used.length === 0
        ? ''
        : table(
            ['SKILL', ...COLUMNS],
            used.map((one) => [one.title, ...figures(one)]),
          ),
    ),
    ...section('Suggestions', suggestions.length === 0 ? '' : suggestions.map(renderSuggestion).join('\n')),
  ]);
}

const COLUMNS = ['RUNS', 'WELL', 'ASKED', 'APPROVED', 'WAITED', 'CALLS', 'REFUSED'];

function figures({
  runs,
  success_rate,
  approvals,
  calls,
}: InsightsAnswer['employees'][number] | InsightsAnswer['skills'][number]): string[] {
  const { asked, approval_rate, wait_seconds } = approvals;
  const waited = wait_seconds === null || wait_seconds === undefined ? '-' : `${Math.round(wait_seconds / 60)} min`;
  return [
    String(runs),
    percent(success_rate),
    String(asked),
    percent(approval_rate),
    waited,
    calls ? String(calls.calls) : '-',
    calls ? String(calls.refused) : '-',
  ];
}

function percent(rate: number | null | undefined): string {
  return rate === null || rate === undefined ? '-' : `${Math.round(rate * 100)} %`;
}

export function renderSuggestion({ suggestion_id, employee_name, text, next, rule, evidence }: SuggestionAnswer): string {
  const { count, of, run_ids } = evidence;
  return [
    `${oneLine(employee_name)}: ${oneLine(text)}`,
    `    ${oneLine(next)}`,
    ...(rule ? [`    rule: ${oneLine(safeJson(rule))}`] : []),
    `    seen ${count} of ${of}${run_ids.length === 0 ? '' : `, such as ${oneLine(run_ids[0] ?? '')}`}`,
    `    dismiss: clancy insights dismiss ${suggestion_id}`,
  ].join('\n');
}
