import { expect, it } from 'vitest';
import { borrowedPhrases } from './phrases.ts';

const known = ['Every Monday, feed the old cat in the yard.'];

it.each([
  ['feed the old cat', ['feed the old cat']],
  ['Please FEED the old: cat in the garden', ['feed the old cat in the']],
  ['feed the old dog', []],
  ['the old cat', []],
  ['feed the old cat and every monday feed the old horse', ['feed the old cat', 'every monday feed the old']],
])('what "%s" has of a known text is %j', (text, phrases) => {
  expect(borrowedPhrases(known, [{ place: 'here', text }])).toEqual(phrases.map((phrase) => ({ phrase, place: 'here' })));
});
