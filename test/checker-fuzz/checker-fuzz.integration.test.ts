import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createExpressions } from '../../platform/expressions/expressions.ts';
import { brokenGraphs, shuffledGraphs, soundGraphs, type Counts } from './fuzz.ts';

const expressions = createExpressions({ threads: 1, timeLimitMs: 10_000 });
afterAll(() => expressions.close());

describe('graphs against the checker, the short form', { timeout: 180_000 }, () => {
  it('sound ones that it accepts complete on the engine', async () => {
    const counts: Counts = {};
    await fc.assert(soundGraphs(expressions, counts), { numRuns: 25 });
    expect(counts['completed']).toBeGreaterThan(10);
  });

  it('changed ones that it accepts end within their bounds', async () => {
    await fc.assert(shuffledGraphs(expressions, {}), { numRuns: 60 });
  });

  it('broken ones are refused for what is broken', () => {
    fc.assert(brokenGraphs({}), { numRuns: 150 });
  });
});
