import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_CHAIN, MAX_RETURNS, MAX_RUNS_OF_CAUSE, MAX_STARTS_AN_HOUR, refusalOf, type Cause } from './loop-protection.ts';

const EMPLOYEES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Who is subscribed to the facts of whom; a run of each makes so many facts that count. */
const worldArbitrary = fc.record({
  subscribers: fc.dictionary(fc.constantFrom(...EMPLOYEES), fc.uniqueArray(fc.constantFrom(...EMPLOYEES)), {
    minKeys: 1,
    maxKeys: EMPLOYEES.length,
  }),
  factsOfRun: fc.integer({ min: 1, max: 3 }),
  first: fc.constantFrom(...EMPLOYEES),
});

interface Run {
  employee: string;
  chain: string[];
}

/** Plays what facts set off to its end, as the dispatcher does: fact by fact, each for all who are subscribed. */
function play({ subscribers, factsOfRun, first }: { subscribers: Record<string, string[]>; factsOfRun: number; first: string }) {
  const started: Run[] = [];
  const starts = new Map<string, number>();
  const waiting: Run[] = Array.from({ length: factsOfRun }, () => ({ employee: first, chain: [first] }));
  let refused = 0;
  for (let fact = waiting.shift(); fact; fact = waiting.shift()) {
    const cause: Cause = { chain: fact.chain, root: 'r', runsOfRoot: started.length, startsThisHour: new Map(starts) };
    const able = (subscribers[fact.employee] ?? []).reduce<string[]>(
      (chosen, id) => (refusalOf(cause, id, chosen.length) === undefined ? [...chosen, id] : chosen),
      [],
    );
    refused += (subscribers[fact.employee] ?? []).length - able.length;
    for (const employee of able) {
      const run = { employee, chain: [...fact.chain, employee] };
      started.push(run);
      starts.set(employee, (starts.get(employee) ?? 0) + 1);
      waiting.push(...Array.from({ length: factsOfRun }, () => run));
    }
    if (started.length > 10 * MAX_RUNS_OF_CAUSE) throw new Error('it goes on and on');
  }
  return { started, refused };
}

test('whoever is subscribed to whom, what one run sets off ends within the limits', () => {
  fc.assert(
    fc.property(worldArbitrary, (world) => {
      const { started } = play(world);
      expect(started.length).toBeLessThanOrEqual(MAX_RUNS_OF_CAUSE);
      for (const { chain } of started) {
        expect(chain.length).toBeLessThanOrEqual(MAX_CHAIN + 1);
        for (const id of EMPLOYEES) expect(chain.filter((one) => one === id).length).toBeLessThanOrEqual(MAX_RETURNS + 1);
      }
    }),
    { numRuns: 500 },
  );
});

test('nothing is refused where employees follow each other without coming back, few and not far', () => {
  const chainArbitrary = fc.uniqueArray(fc.constantFrom(...EMPLOYEES), { minLength: 1, maxLength: MAX_CHAIN + 1 });
  fc.assert(
    fc.property(chainArbitrary, (chain) => {
      const subscribers = Object.fromEntries(chain.slice(0, -1).map((id, index) => [id, [chain[index + 1]!]]));
      const { started, refused } = play({ subscribers, factsOfRun: 1, first: chain[0]! });
      expect([started.map(({ employee }) => employee), refused]).toEqual([chain.slice(1), 0]);
    }),
  );
});

const cause = (more: Partial<Cause>): Cause => ({ chain: [], root: 'r', runsOfRoot: 0, startsThisHour: new Map(), ...more });

test.each([
  ['the chain', cause({ chain: EMPLOYEES }), /6 runs led here one by one/],
  ['coming back', cause({ chain: ['x', 'b', 'x'] }), /started again by it already/],
  ['all runs of the cause', cause({ runsOfRoot: MAX_RUNS_OF_CAUSE }), /50 runs have come of one cause/],
  ['the hour', cause({ startsThisHour: new Map([['x', MAX_STARTS_AN_HOUR]]) }), /200 times within an hour/],
])('%s has a limit, which is said', (_what, given, said) => {
  expect(refusalOf(given, 'x', 0)).toMatch(said);
});

test('an employee may answer its own run once, and runs that the same fact starts besides count', () => {
  expect(refusalOf(cause({ chain: ['x'] }), 'x', 0)).toBeUndefined();
  expect(refusalOf(cause({ runsOfRoot: MAX_RUNS_OF_CAUSE - 1 }), 'x', 1)).toMatch(/50 runs/);
});
