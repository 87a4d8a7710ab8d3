import type { Catalogue } from '../../../contracts/capability.ts';
import { atomicTemplate, type AtomicPlan } from './atomic/atomic-template.ts';
import type { Duty } from './duty.ts';

interface Condition {
  sentence: string;
  capabilities: string[];
  block: number;
}

/** Skills that were made of single capabilities ask a person before they do what only a person can judge. */
export function gateAtomics(
  duties: Duty[],
  plans: Map<string, AtomicPlan>,
  conditions: Condition[],
  catalogue: Catalogue,
): Duty[] {
  return duties.map((duty) => {
    const plan = plans.get(duty.id);
    const held = plan ? conditions.filter(({ capabilities }) => capabilities.some((one) => plan.capabilities.includes(one))) : [];
    if (!plan || held.length === 0) return duty;
    return { ...duty, template: atomicTemplate({ ...plan, conditions: held.map(({ sentence }) => sentence) }, catalogue) };
  });
}
