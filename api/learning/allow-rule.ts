import type { PolicyRule } from '../../contracts/policy.ts';
import type { ApprovalSeen } from './evidence.ts';

/** Conditions of one rule: more would hide what it says. */
const MAX_CONDITIONS = 4;
const MAX_TEXT = 100;

/**
 * The rule that would have allowed these calls, and not much more: of this skill alone, with what was the same in all of them,
 * and no number larger than any that was approved.
 */
export function allowRule(approvals: readonly ApprovalSeen[], reason: string): PolicyRule | undefined {
  const [first] = approvals;
  if (!first || first.capability === null || first.skill === null) return undefined;
  const conditions = [`skill = ${JSON.stringify(first.skill)}`, ...conditionsOn(approvals)].slice(0, MAX_CONDITIONS);
  return {
    capability: first.capability,
    when: conditions.join(' and '),
    effect: 'allow',
    approvers: [],
    timeout_seconds: 7 * 86_400,
    on_timeout: 'reject',
    reason,
  };
}

function conditionsOn(approvals: readonly ApprovalSeen[]): string[] {
  const names = Object.keys(approvals[0]?.parameters ?? {}).toSorted();
  return names.flatMap((name) => {
    const values = approvals.map(({ parameters }) => (Object.hasOwn(parameters, name) ? parameters[name] : undefined));
    const field = `parameters.${/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.replaceAll('`', '')}\``}`;
    const numbers = values.filter((value) => typeof value === 'number');
    if (numbers.length === values.length) return [`${field} <= ${Math.max(...numbers)}`];
    const [value] = values;
    const isSame = typeof value === 'string' && value.length <= MAX_TEXT && values.every((one) => one === value);
    return isSame ? [`${field} = ${JSON.stringify(value)}`] : [];
  });
}
