import type { Catalogue } from '../../../contracts/capability.ts';
import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import type { PolicyRule } from '../../../contracts/policy.ts';
import { riskOf } from '../catalogue.ts';
import { covers } from '../limits/contradictions.ts';
import type { CheckProblem } from './problem.ts';

/** Every write is decided by some rule whatever its parameters are, and nothing is allowed by the dozen. */
export function checkPolicy({ policy, capabilities }: EmployeeDefinition, catalogue: Catalogue): CheckProblem[] {
  const undecided = capabilities.filter(
    (name) => isEffect(name, catalogue) && !policy.some((rule) => rule.when === undefined && covers(rule.capability, name)),
  );
  return [
    ...undecided.map((name) => ({
      code: 'policy_missing' as const,
      path: 'policy',
      message: `No rule decides every use of ${name}.`,
      next: 'Add a rule without a condition, such as require_approval.',
    })),
    ...policy.flatMap((rule, at) => checkBreadth(rule, at, capabilities, catalogue)),
  ];
}

function checkBreadth(rule: PolicyRule, at: number, capabilities: string[], catalogue: Catalogue): CheckProblem[] {
  if (rule.effect !== 'allow') return [];
  const about = { path: `policy/${at}`, ...(rule.sentence !== undefined && { sentence: rule.sentence }) };
  const covered = capabilities.filter((name) => covers(rule.capability, name));
  const destructive = covered.find((name) => riskOf(catalogue, name) === 'destructive');
  if (destructive !== undefined)
    return [
      {
        code: 'policy_too_broad',
        ...about,
        message: `The rule allows ${destructive}, which cannot be taken back.`,
        next: 'Ask for approval instead.',
      },
    ];
  const effect = covered.find((name) => isEffect(name, catalogue));
  if (!rule.capability.endsWith('*') || effect === undefined) return [];
  return [
    {
      code: 'policy_too_broad',
      ...about,
      message: `One rule allows everything under ${rule.capability}, ${effect} among it.`,
      next: 'Name each capability, with a condition.',
    },
  ];
}

/** True for what changes something at a provider; an unknown capability is taken to. */
export function isEffect(name: string, catalogue: Catalogue): boolean {
  return riskOf(catalogue, name) !== 'read';
}

/** True unless the rules decide every use of a capability without asking a person. */
export function mayAsk(name: string, policy: PolicyRule[]): boolean {
  for (const rule of policy) {
    if (!covers(rule.capability, name)) continue;
    if (rule.effect === 'require_approval') return true;
    if (rule.when === undefined) return false;
  }
  return true;
}
