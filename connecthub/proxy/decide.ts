import type { Risk } from '../../contracts/capability.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { Policy, PolicyRule } from '../../contracts/policy.ts';

export type Decision =
  | { effect: 'allow' }
  | { effect: 'deny'; reason: string }
  | { effect: 'require_approval'; approvers: string[]; timeoutSeconds: number; onTimeout: 'reject' | 'fail'; reason: string };

/** The decision to ask people. */
export type Asking = Decision & { effect: 'require_approval' };

export interface DecideInput {
  /** Qualified. */
  capability: string;
  risk: Risk;
  parameters: JsonObject;
  /** Node of the employee graph that calls; the call id says it. */
  skill: string;
  /** ISO instant. */
  now: string;
}

/** JSONata over a scope (platform/expressions). Rejects when the expression fails or hits its limits. */
export type Evaluate = (expression: string, scope: JsonObject) => Promise<Json>;

const DEFAULT_TIMEOUT_SECONDS = 7 * 86_400;

/**
 * The policy's word on one call: the first rule whose pattern and condition hold. Without one, reads are allowed and
 * everything else needs approval; destructive capabilities need it whatever a rule allows. A condition that cannot be
 * evaluated, or whose value is neither true nor false, counts as true for a rule that restricts and as false for one that
 * allows. No value at all (a parameter that is absent) is false.
 */
export async function decide(rules: Policy, input: DecideInput, evaluate: Evaluate): Promise<Decision> {
  for (const rule of rules) {
    if (matches(rule.capability, input.capability) && (await holds(rule, input, evaluate))) return byRule(rule, input.risk);
  }
  return byDefault(input.risk);
}

/** The same word, where no condition has to be evaluated for it; undefined: one has. */
export function decideAtOnce(
  rules: Policy,
  { capability, risk }: Pick<DecideInput, 'capability' | 'risk'>,
): Decision | undefined {
  const first = rules.find((rule) => matches(rule.capability, capability));
  if (first === undefined) return byDefault(risk);
  return first.when === undefined ? byRule(first, risk) : undefined;
}

function byDefault(risk: Risk): Decision {
  return risk === 'read' ? { effect: 'allow' } : approvalByDefault('No rule of the policy allows it.');
}

function byRule(rule: PolicyRule, risk: Risk): Decision {
  if (rule.effect === 'deny') return { effect: 'deny', reason: rule.reason };
  if (rule.effect === 'allow' && risk !== 'destructive') return { effect: 'allow' };
  const { approvers, timeout_seconds: timeoutSeconds, on_timeout: onTimeout } = rule;
  const reason = rule.effect === 'allow' ? 'It cannot be taken back.' : rule.reason;
  return { effect: 'require_approval', approvers, timeoutSeconds, onTimeout, reason };
}

/** Whoever may decide approvals, for as long as nobody said otherwise. */
export function approvalByDefault(reason: string): Asking {
  return { effect: 'require_approval', approvers: [], timeoutSeconds: DEFAULT_TIMEOUT_SECONDS, onTimeout: 'reject', reason };
}

/** Patterns are qualified ids with at most one `*`, at their end (contracts/policy.ts). */
function matches(pattern: string, capability: string): boolean {
  return pattern.endsWith('*') ? capability.startsWith(pattern.slice(0, -1)) : capability === pattern;
}

async function holds(
  rule: PolicyRule,
  { parameters, capability, skill, now }: DecideInput,
  evaluate: Evaluate,
): Promise<boolean> {
  if (rule.when === undefined) return true;
  try {
    const value = await evaluate(rule.when, { parameters, capability, skill, now });
    return rule.effect === 'allow' ? value === true : value !== false && value !== null;
  } catch {
    return rule.effect !== 'allow';
  }
}
