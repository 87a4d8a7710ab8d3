import type { Policy } from '../../contracts/policy.ts';

/**
 * Rules of employee versions as they were last read, so that their conditions can be evaluated ahead of the transaction
 * that reads them again. A hint and no more: what was evaluated counts only if they are still the same there.
 */
export interface RulesAtHand {
  find(version: Version): Policy | undefined;
  keep(version: Version, rules: Policy): void;
}

interface Version {
  orgId: string;
  employeeId: string;
  employeeVersion: number;
}

const MAX_VERSIONS = 1_000;

export function createRulesAtHand(): RulesAtHand {
  const seen = new Map<string, Policy>();
  const keyOf = ({ orgId, employeeId, employeeVersion }: Version): string => `${orgId}|${employeeId}|${employeeVersion}`;
  return {
    find: (version) => seen.get(keyOf(version)),
    keep: (version, rules) => {
      seen.delete(keyOf(version));
      seen.set(keyOf(version), rules);
      const oldest = seen.keys().next();
      if (seen.size > MAX_VERSIONS && !oldest.done) seen.delete(oldest.value);
    },
  };
}
