import type { CapabilityAnswer } from '../client/answers/connecthub.ts';

/** In a person's words; undefined for a capability that stays. */
export function deprecationInWords({ deprecated }: CapabilityAnswer): string | undefined {
  if (!deprecated) return undefined;
  const { since, replacement, removed_after: last } = deprecated;
  const parts = [`since ${since}`, last && `there until ${last}`, replacement && `use ${replacement} instead`];
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}
