import { describe, expect, it } from 'vitest';
import { countFitting, scoreDuty, THRESHOLD, weigh } from './score.ts';

const stems = (amounts: { [stem: string]: number }) => Object.entries(amounts).map(([stem, amount]) => ({ stem, amount }));

describe('scores', () => {
  it('are high for a duty that has the telling words, low for one that has the common ones', () => {
    const weights = weigh(stems({ post: 40, digest: 3, support: 2, pleas: 0 }), 40, 300);
    expect(scoreDuty(weights, ['post', 'digest', 'support'], 0.5)).toBeGreaterThan(0.75);
    expect(scoreDuty(weights, ['post'], 0.9)).toBe(0);
  });

  it('do not fall to nothing because a message is long, nor rise because it has one word in common', () => {
    const foreign = Object.fromEntries(Array.from({ length: 28 }, (_, index) => [`w${index}`, 0]));
    const weights = weigh(stems({ overdu: 2, invoic: 3, team: 30, ...foreign }), 40, 300);
    expect(scoreDuty(weights, ['overdu', 'invoic', 'team'], 0.3)).toBeGreaterThan(THRESHOLD);
    expect(scoreDuty(weights, ['team'], 0.3)).toBe(0);
    expect(scoreDuty(weights, ['invoic'], 0.3)).toBe(0);
  });

  it('take a text of one or two words for whole', () => {
    expect(scoreDuty(weigh(stems({ digest: 1 }), 10, 300), ['digest'], 0.1)).toBeGreaterThan(THRESHOLD);
    expect(scoreDuty(weigh(stems({ post: 9 }), 10, 300), ['post'], 0.9)).toBe(0);
  });

  it.each([
    [[], 0],
    [[THRESHOLD - 0.01], 0],
    [[0.9, 0.5, 0.4], 1],
    [[0.6, 0.55, 0.2], 2],
    [[0.36, 0.35, 0.34], 2],
  ])('of %j, %i fit', (scores, fitting) => {
    expect(countFitting(scores)).toBe(fitting);
  });
});
