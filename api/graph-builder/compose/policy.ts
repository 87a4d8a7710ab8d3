import type { Catalogue, Risk } from '../../../contracts/capability.ts';
import type { PolicyRule } from '../../../contracts/policy.ts';
import { riskOf } from '../catalogue.ts';
import { covers } from '../limits/contradictions.ts';
import type { Duty } from '../match/duty.ts';
import { capabilitiesOf } from '../graph-capabilities.ts';
import { fillExpression, fillWords, literal } from './literals.ts';

const WEEK_SECONDS = 7 * 86_400;

/** A rule with the house's defaults for approvals: a week to answer, silence is a no. */
export function makeRule(parts: Pick<PolicyRule, 'capability' | 'effect' | 'reason'> & Partial<PolicyRule>): PolicyRule {
  return { approvers: [], timeout_seconds: WEEK_SECONDS, on_timeout: 'reject', ...parts };
}

/** Prohibitions, then approvals, then what plain sentences allow, then the default of each capability in use. */
export function composePolicy(duties: Duty[], limits: PolicyRule[], capabilities: string[], catalogue: Catalogue): PolicyRule[] {
  const order = { deny: 0, require_approval: 1, allow: 2 };
  const strict = limits.toSorted((one, other) => order[one.effect] - order[other.effect]);
  const allowed = duties.filter(({ source }) => source !== 'model').flatMap((duty) => allowances(duty, duties));
  const isDecided = (capability: string) => strict.some((rule) => rule.when === undefined && covers(rule.capability, capability));
  const defaults = capabilities
    .filter((capability) => !isDecided(capability))
    .map((capability) => defaultRule(capability, riskOf(catalogue, capability)));
  const asked = duties.flatMap((duty) => askedFirst(duty, catalogue));
  return [...strict, ...asked, ...allowed, ...defaults].slice(0, 200);
}

/** What a model composed is never covered by what the description allows another skill. */
function askedFirst({ id, template, sentences, source }: Duty, catalogue: Catalogue): PolicyRule[] {
  if (source !== 'model') return [];
  const graphs = Object.fromEntries(template.graphs.map((graph) => [graph.id, graph]));
  return capabilitiesOf(template.graphs[0].id, graphs)
    .filter((capability) => riskOf(catalogue, capability) !== 'read')
    .map((capability) =>
      makeRule({
        capability,
        when: `skill = ${literal(id)}`,
        effect: 'require_approval',
        reason: 'A model proposed this skill; a person approves what it changes.',
        ...(sentences.length > 0 && { sentence: sentences.at(-1)! }),
      }),
    );
}

function allowances(duty: Duty, duties: Duty[]): PolicyRule[] {
  const slots = Object.assign(
    {},
    ...duties.filter(({ id }) => duty.after.includes(id)).map((feeder) => feeder.slots),
    duty.slots,
  );
  return duty.template.allows.flatMap((allowance) => {
    const when = fillExpression(allowance.when, slots);
    if (when === undefined || !allowance.said.every((slot) => duty.said.includes(slot))) return [];
    return [
      makeRule({
        capability: allowance.capability,
        when,
        effect: 'allow',
        reason: fillWords(allowance.reason, slots),
        sentence: duty.sentences.at(-1)!,
      }),
    ];
  });
}

function defaultRule(capability: string, risk: Risk | undefined): PolicyRule {
  if (risk === 'read') return makeRule({ capability, effect: 'allow', reason: 'Default: reading changes nothing.' });
  const reason =
    risk === 'destructive'
      ? 'Default: what cannot be taken back is always asked.'
      : 'Default: a person approves what no rule allows.';
  return makeRule({ capability, effect: 'require_approval', reason });
}
