import type { Capability } from '../../contracts/capability.ts';
import type { EmployeeDefinition } from '../../contracts/employee-graph.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { decide, type Evaluate } from '../../connecthub/proxy/decide.ts';
import type { SetCatalogue } from '../set/set-catalogue.ts';
import type { PolicyLabel } from '../set/schema.ts';
import { tally, type Item, type Tally } from '../tally.ts';
import { readCondition } from './condition.ts';
import { isKeptInSkill, usersOf } from './in-skill.ts';
import { samplesOf, samplesOfRules } from './samples.ts';

/** Noon of a working day, so that rules about the time of day decide as on most days. */
const NOW = '2026-11-24T12:00:00.000Z';
const STRICTNESS = { allow: 0, require_approval: 1, deny: 2 };

/**
 * Rules of the description that hold: by the policy, asked as ConnectHub asks it for calls at and around the rule's border,
 * or kept inside the skill.
 */
export async function scorePolicy(
  labels: readonly PolicyLabel[],
  definition: EmployeeDefinition | undefined,
  { named, find }: Pick<SetCatalogue, 'named' | 'find'>,
  evaluate: Evaluate,
): Promise<Tally> {
  const items: Item[] = [];
  for (const label of labels) {
    const granted = named(label.capability).filter((one) => definition?.capabilities.includes(one) === true);
    let score = 1;
    for (const capability of granted) {
      const entry = find(capability);
      if (definition && entry) score = Math.min(score, await scoreRule({ label, capability, entry, definition, evaluate }));
    }
    items.push({ score, missed: `${label.effect} ${label.capability} ${label.when === null ? 'always' : `when ${label.when}`}` });
  }
  return tally(items);
}

interface Asked {
  label: PolicyLabel;
  capability: string;
  entry: Capability;
  definition: EmployeeDefinition;
  evaluate: Evaluate;
}

/** Of a capability that is granted. */
async function scoreRule(asked: Asked): Promise<number> {
  const { label, capability, entry, definition } = asked;
  const mustAsk = label.effect === 'require_approval';
  const everywhere = samplesOfRules(definition.policy, entry);
  if (label.when === null) return (await areAllStrict(asked, everywhere)) ? 1 : 0;
  const samples = samplesOf(readCondition(label.when), entry);
  if (samples && (await areAllStrict(asked, samples.holding)) && !(await areAllStrict(asked, samples.failing))) return 1;
  if (isKeptInSkill(label.when, capability, definition, { mustAsk })) return 1;
  const isAlways = await areAllStrict(asked, [...everywhere, ...(samples?.holding ?? []), ...(samples?.failing ?? [])]);
  return isAlways ? 0.5 : 0;
}

/** Whichever skill makes the call. */
async function areAllStrict(
  { label, capability, entry, definition, evaluate }: Asked,
  samples: readonly JsonObject[],
): Promise<boolean> {
  for (const { id: skill } of usersOf(capability, definition)) {
    for (const parameters of samples) {
      const call = { capability, risk: entry.risk, parameters, skill, now: NOW };
      const { effect } = await decide(definition.policy, call, evaluate);
      if (STRICTNESS[effect] < STRICTNESS[label.effect]) return false;
    }
  }
  return true;
}
