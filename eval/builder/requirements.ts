import type { SetCatalogue } from '../set/set-catalogue.ts';
import type { Expected } from '../set/schema.ts';
import { tally, type Tally } from '../tally.ts';

/** Requirements of which the employee has at least one alternative. */
export function scoreRequirements(expected: Expected, has: ReadonlySet<string>, { named }: SetCatalogue): Tally {
  return tally(
    expected.capabilities.map((alternatives) => {
      const isMet = alternatives.some((name) => named(name).some((qualified) => has.has(qualified)));
      return { score: isMet ? 1 : 0, missed: `needs ${alternatives.join(' or ')}` };
    }),
  );
}

/** Providers whose connection is surely needed. */
export function scoreProviders(expected: Expected, has: ReadonlySet<string>): Tally {
  const providers = new Set([...has].map((qualified) => qualified.split('/')[0]));
  return tally(expected.providers.map((id) => ({ score: providers.has(id) ? 1 : 0, missed: `does not use ${id}` })));
}

/** Capabilities that it has and must not have. */
export function forbiddenGrants(expected: Expected, has: ReadonlySet<string>, { named }: SetCatalogue): string[] {
  return expected.forbidden.flatMap((name) => named(name).filter((qualified) => has.has(qualified)));
}
