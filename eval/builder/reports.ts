import { tally, type Tally } from '../tally.ts';
import { wordsOf } from '../words.ts';

/** Passages of the text that a report overlaps. A report that quotes the text with other spaces or quotes still quotes it. */
export function scoreReports(text: string, passages: readonly string[], reported: readonly string[]): Tally {
  const words = wordsOf(text);
  const covered = new Set(reported.flatMap((report) => placesOf(words, wordsOf(report)).flat()));
  return tally(
    passages.map((passage) => {
      const isReported = placesOf(words, wordsOf(passage)).some((place) => place.some((index) => covered.has(index)));
      return { score: isReported ? 1 : 0, missed: `does not report "${passage}"` };
    }),
  );
}

/** Where a passage stands: the indices of its words, once for each time. */
function placesOf(words: readonly string[], passage: readonly string[]): number[][] {
  if (passage.length === 0) return [];
  const places: number[][] = [];
  for (let start = 0; start + passage.length <= words.length; start += 1) {
    if (passage.every((word, offset) => words[start + offset] === word)) places.push(passage.map((_, offset) => start + offset));
  }
  return places;
}
