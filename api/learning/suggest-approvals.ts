import { allowRule } from './allow-rule.ts';
import type { ApprovalSeen, CallsSeen, EmployeeSeen, Evidence } from './evidence.ts';
import { groupBy, medianWaitMs } from './figures.ts';
import { evidenceOf, type Suggestion } from './suggestion.ts';
import { THRESHOLDS } from './thresholds.ts';

const HOUR_MS = 3_600_000;

/** What the answers of people, and of providers, suggest. */
export function suggestFromAnswers(evidence: Evidence): Suggestion[] {
  const employees = new Map(evidence.employees.map((employee) => [employee.employeeId, employee]));
  const byCapability = groupBy(
    evidence.approvals.filter(({ capability, skill }) => capability !== null && skill !== null),
    ({ employeeId, skill, capability }) => JSON.stringify([employeeId, skill, capability]),
  );
  const approvals = [...byCapability.values()].flatMap((asked) => {
    const employee = employees.get(asked[0]?.employeeId ?? '');
    return employee
      ? [...alwaysApproved(employee, asked, evidence), ...oftenRejected(employee, asked), ...slow(employee, asked)]
      : [];
  });
  return [...approvals, ...refusedByProvider(evidence.calls ?? [], employees)];
}

/** What the suggestions about one call of one skill share. */
function about(employee: EmployeeSeen, [first]: readonly ApprovalSeen[]) {
  const skill = first?.skill ?? '';
  const title = employee.skills.get(skill)?.title ?? skill;
  return { title, base: { employeeId: employee.employeeId, skill, capability: first?.capability ?? null } };
}

function alwaysApproved(employee: EmployeeSeen, asked: readonly ApprovalSeen[], { since, until }: Evidence): Suggestion[] {
  const decided = asked.filter(({ status }) => status === 'approved' || status === 'rejected' || status === 'expired');
  const isAlways = decided.every(({ status, isEdited }) => status === 'approved' && !isEdited);
  const { title, base } = about(employee, asked);
  if (!isAlways || decided.length < THRESHOLDS.always_approved.decided || employee.destructive.has(base.capability ?? ''))
    return [];
  const days = Math.max(1, Math.round((until.getTime() - since.getTime()) / 86_400_000));
  const rule = allowRule(decided, `Approved ${decided.length} of ${decided.length} times within ${days} days.`);
  if (!rule) return [];
  return [
    {
      kind: 'always_approved',
      ...base,
      text: `${base.capability ?? ''} of "${title}" was approved ${decided.length} of ${decided.length} times, as asked: allow it?`,
      next: 'Put the rule before the one that asks: clancy employees policy.',
      rule,
      evidence: evidenceOf(decided.length, decided.length, decided),
    },
  ];
}

function oftenRejected(employee: EmployeeSeen, asked: readonly ApprovalSeen[]): Suggestion[] {
  const decided = asked.filter(({ status }) => status === 'approved' || status === 'rejected');
  const rejected = decided.filter(({ status }) => status === 'rejected');
  const { decided: enough, share } = THRESHOLDS.often_rejected;
  if (decided.length < enough || rejected.length / decided.length < share) return [];
  const { title, base } = about(employee, asked);
  return [
    {
      kind: 'often_rejected',
      ...base,
      text: `${base.capability ?? ''} of "${title}" was rejected ${rejected.length} of ${decided.length} times.`,
      next: 'Say in the job description when it is wanted, or forbid it.',
      rule: null,
      evidence: evidenceOf(rejected.length, decided.length, rejected),
    },
  ];
}

function slow(employee: EmployeeSeen, asked: readonly ApprovalSeen[]): Suggestion[] {
  const answered = asked.filter(({ waitMs }) => waitMs !== null);
  const median = medianWaitMs(answered);
  const { decided, median_hours: hours } = THRESHOLDS.slow_approvals;
  if (median === null || answered.length < decided || median < hours * HOUR_MS) return [];
  const { title, base } = about(employee, asked);
  const late = answered.filter(({ waitMs }) => (waitMs ?? 0) >= hours * HOUR_MS);
  return [
    {
      kind: 'slow_approvals',
      ...base,
      text: `"${title}" waits ${wordDuration(median)} for approval, half of ${answered.length} times longer.`,
      next: 'Name more approvers in its policy, or allow the cases that are always approved.',
      rule: null,
      evidence: evidenceOf(late.length, answered.length, late),
    },
  ];
}

function refusedByProvider(calls: readonly CallsSeen[], employees: ReadonlyMap<string, EmployeeSeen>): Suggestion[] {
  const groups = groupBy(calls, ({ employeeId, skill, capability }) => JSON.stringify([employeeId, skill, capability]));
  return [...groups.values()].flatMap((all): Suggestion[] => {
    const count = (of: readonly CallsSeen[]): number => of.reduce((sum, one) => sum + one.calls, 0);
    const refused = all.filter(({ outcome }) => outcome === 'refused');
    const [most] = refused.toSorted((one, other) => other.calls - one.calls);
    const { calls: enough, share } = THRESHOLDS.refused_by_provider;
    const employee = employees.get(most?.employeeId ?? '');
    if (!most || !employee || count(refused) < enough || count(refused) / count(all) < share) return [];
    const title = employee.skills.get(most.skill)?.title ?? most.skill;
    return [
      {
        kind: 'refused_calls',
        employeeId: most.employeeId,
        skill: most.skill,
        capability: most.capability,
        text: `The provider refused ${count(refused)} of ${count(all)} calls of ${most.capability} by "${title}"${most.errorCode === null ? '' : `, most with ${most.errorCode}`}.`,
        next: 'Look at the receipts of these runs; a missing scope is mended by connecting the account again.',
        rule: null,
        evidence: evidenceOf(
          count(refused),
          count(all),
          most.runIds.map((runId) => ({ runId })),
        ),
      },
    ];
  });
}

function wordDuration(ms: number): string {
  const hours = ms / HOUR_MS;
  return hours >= 48 ? `${Math.round(hours / 24)} days` : `${Math.round(hours)} hours`;
}
