import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createExpressions } from '../../platform/expressions/expressions.ts';
import { brokenGraphs, shuffledGraphs, soundGraphs, type Counts } from './fuzz.ts';

const expressions = createExpressions({ threads: 1, timeLimitMs: 10_000 });
afterAll(() => expressions.close());

describe('5,000 graphs against the checker', () => {
  it('1,500 sound ones: those that it accepts complete on the engine', async () => {
    const counts: Counts = {};
    await fc.assert(soundGraphs(expressions, counts), { numRuns: 1_500 });
    expect(counts['completed']).toBeGreaterThan(1_000);
  });

  it('2,500 changed ones: those that it accepts end within their bounds', async () => {
    const counts: Counts = {};
    await fc.assert(shuffledGraphs(expressions, counts), { numRuns: 2_500 });
    expect(counts['completed']).toBeGreaterThan(200);
  });

  it('1,000 broken ones: each is refused for what is broken', () => {
    const counts: Counts = {};
    fc.assert(brokenGraphs(counts), { numRuns: 1_000 });
    expect(counts['no place'] ?? 0).toBeLessThan(400);
  });
});
