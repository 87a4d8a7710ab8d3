import { wordsOf } from './words.ts';

/** So many words in a row are a phrase of somebody's, not of everybody's. */
const LENGTH = 4;

export interface Borrowed {
  phrase: string;
  /** Where it stands. */
  place: string;
}

/**
 * Phrases of known texts that stand among ours, the longest each: skills learned by heart would show nothing of texts that
 * nobody has seen.
 */
export function borrowedPhrases(known: readonly string[], ours: readonly { place: string; text: string }[]): Borrowed[] {
  const phrases = new Set(known.flatMap((text) => phrasesOf(wordsOf(text))));
  return ours.flatMap(({ place, text }) => runsOf(wordsOf(text), phrases).map((phrase) => ({ phrase, place })));
}

/** Neighbouring phrases that are known, as one. */
function runsOf(words: readonly string[], known: ReadonlySet<string>): string[] {
  const runs: [from: number, to: number][] = [];
  for (const [at, phrase] of phrasesOf(words).entries()) {
    const last = runs.at(-1);
    if (!known.has(phrase)) continue;
    if (last && at < last[1]) last[1] = at + LENGTH;
    else runs.push([at, at + LENGTH]);
  }
  return runs.map(([from, to]) => words.slice(from, to).join(' '));
}

function phrasesOf(words: readonly string[]): string[] {
  return words.slice(LENGTH - 1).map((_, index) => words.slice(index, index + LENGTH).join(' '));
}
