import { expect, test } from 'vitest';
import { scoreMemory, type Candidate } from './score.ts';

const NOW = new Date('2026-11-24T00:00:00.000Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const score = (more: Partial<Candidate>): number =>
  scoreMemory({ scope: 'employee', relevance: 0.5, confidence: 0.7, confirmedAt: daysAgo(10), isPinned: false, ...more }, NOW);

test.each<[string, Partial<Candidate>, Partial<Candidate>]>([
  ['what the run is about', { relevance: 0.8 }, { relevance: 0.4 }],
  ['what was said lately', { confirmedAt: daysAgo(1) }, { confirmedAt: daysAgo(90) }],
  ['what is surer', { confidence: 0.9 }, { confidence: 0.3 }],
  ["the skill's own", { scope: 'skill' }, { scope: 'organisation' }],
  [
    'what a skill counts on, whatever it is',
    { isPinned: true, relevance: 0, confidence: 0, confirmedAt: daysAgo(900) },
    { relevance: 1 },
  ],
  [
    'what the run is about, rather than what is merely new and sure',
    { relevance: 0.7, confirmedAt: daysAgo(200) },
    { relevance: 0, confidence: 1, confirmedAt: NOW },
  ],
])('%s comes first', (_, better, worse) => {
  expect(score(better)).toBeGreaterThan(score(worse));
});

test('what nobody is sure of any more is not recalled, unless a skill counts on it', () => {
  expect(score({ confidence: 0.05, relevance: 1 })).toBeLessThan(0);
  expect(score({ confidence: 0.05, isPinned: true })).toBeGreaterThan(0);
});

test('a clock that is ahead gives nothing more than the present', () => {
  expect(score({ confirmedAt: daysAgo(-30) })).toBe(score({ confirmedAt: NOW }));
});
