import type { Evidence, EmployeeSeen, RunSeen } from './evidence.ts';
import { groupBy } from './figures.ts';
import { evidenceOf, type Suggestion } from './suggestion.ts';
import { THRESHOLDS } from './thresholds.ts';

const DAY_MS = 86_400_000;
const MAX_REASON = 200;

/** Ends of runs whose reason a manager can remove, and how. */
const REMOVABLE: { [code: string]: string } = {
  scope_missing: 'Connect the account again with the scopes that it asks for.',
  capability_scope_missing: 'Activate the employee again: its token lacks the capability.',
  grant_missing: 'Activate the employee again: it has no grant for what its skill uses.',
  connection_missing: 'Connect an account of the provider, and activate the employee again.',
  connection_needs_reauth: 'Connect the account again.',
  membership_missing: 'Somebody who is a member must activate the employee, or own its schedule.',
  permission_missing: 'Whoever starts it may not cause such calls: let somebody else do so, or give them the permission.',
  policy_denied: 'Its policy forbids what its skill does: change one of the two.',
};

/** What the ends of runs suggest. */
export function suggestFromRuns(evidence: Evidence): Suggestion[] {
  const byEmployee = groupBy(evidence.runs, ({ employeeId }) => employeeId);
  return evidence.employees.flatMap((employee) => {
    const runs = byEmployee.get(employee.employeeId) ?? [];
    return [
      ...failingSkills(employee, runs),
      ...removableReasons(employee, runs),
      ...unusedSkills(employee, runs),
      ...unusedEmployee(employee, runs, evidence),
    ];
  });
}

function failingSkills(employee: EmployeeSeen, runs: readonly RunSeen[]): Suggestion[] {
  const visits = runs.flatMap((run) => run.skills.map((visit) => ({ ...visit, run })));
  const ended = visits.filter(({ status }) => status === 'completed' || status === 'failed');
  return [...groupBy(ended, ({ node }) => node)].flatMap(([node, all]): Suggestion[] => {
    const failed = all.filter(({ status }) => status === 'failed');
    const { runs: enough, failed: often, share } = THRESHOLDS.failing_skill;
    if (all.length < enough || failed.length < often || failed.length / all.length < share) return [];
    const failures = failed.map(({ run }) => run);
    const [reason, same] = mostCommon(failures);
    const title = employee.skills.get(node)?.title ?? node;
    const because = same.length === failed.length ? 'because' : `${same.length} of them because`;
    return [
      {
        kind: 'failing_skill',
        employeeId: employee.employeeId,
        skill: node,
        capability: null,
        text: `"${title}" failed ${failed.length} of ${all.length} times, ${because}: ${reason}`,
        next: 'Look at the runs; then change what it works with, or its job description.',
        rule: null,
        evidence: evidenceOf(failed.length, all.length, same),
      },
    ];
  });
}

/** The reason that most of them share, without the numbers in it; as the latest says it. */
function mostCommon(runs: readonly RunSeen[]): [reason: string, runs: RunSeen[]] {
  const groups = [
    ...groupBy(runs, ({ error, errorCode }) => `${errorCode ?? ''} ${(error ?? '').replace(/\d+/g, '#')}`).values(),
  ];
  const most = groups.toSorted((one, other) => other.length - one.length)[0] ?? [];
  const [latest] = most;
  return [(latest?.error ?? latest?.errorCode ?? 'no reason was recorded').slice(0, MAX_REASON), most];
}

function removableReasons(employee: EmployeeSeen, runs: readonly RunSeen[]): Suggestion[] {
  const ended = runs.filter(({ errorCode }) => errorCode !== null && Object.hasOwn(REMOVABLE, errorCode));
  return [...groupBy(ended, ({ errorCode }) => errorCode ?? '')].flatMap(([code, same]): Suggestion[] => {
    if (same.length < THRESHOLDS.refused_calls.runs) return [];
    return [
      {
        kind: 'refused_calls',
        employeeId: employee.employeeId,
        skill: null,
        capability: null,
        about: code,
        text: `${same.length} of ${runs.length} runs of ${employee.name} ended because its calls are refused: ${code}.`,
        next: REMOVABLE[code] ?? '',
        rule: null,
        evidence: evidenceOf(same.length, runs.length, same),
      },
    ];
  });
}

function unusedSkills(employee: EmployeeSeen, runs: readonly RunSeen[]): Suggestion[] {
  if (!employee.isActive || runs.length < THRESHOLDS.unused_skill.runs) return [];
  const used = new Set(runs.flatMap(({ skills }) => skills.flatMap(({ node, status }) => (status === 'skipped' ? [] : [node]))));
  return employee.activeSkills
    .filter((node) => !used.has(node))
    .map((node) => ({
      kind: 'unused_skill',
      employeeId: employee.employeeId,
      skill: node,
      capability: null,
      text: `"${employee.skills.get(node)?.title ?? node}" was in none of the ${runs.length} runs of ${employee.name}.`,
      next: 'Take its sentence out of the job description, or look why it is never reached.',
      rule: null,
      evidence: evidenceOf(0, runs.length, runs.slice(0, 10)),
    }));
}

function unusedEmployee(employee: EmployeeSeen, runs: readonly RunSeen[], { since, until }: Evidence): Suggestion[] {
  const { days } = THRESHOLDS.unused_employee;
  const from = Math.max(since.getTime(), employee.activatedAt?.getTime() ?? Infinity);
  const isLong = until.getTime() - from >= days * DAY_MS;
  if (!employee.isActive || !isLong || runs.length > 0 || employee.wasAsked) return [];
  const whole = Math.floor((until.getTime() - from) / DAY_MS);
  return [
    {
      kind: 'unused_employee',
      employeeId: employee.employeeId,
      skill: null,
      capability: null,
      text: `Nobody has used ${employee.name} for ${whole} days: no run was asked for.`,
      next: 'Give it a schedule or an event, or retire it.',
      rule: null,
      evidence: evidenceOf(0, 0, []),
    },
  ];
}
