/** Compiles a group of words and phrases; `summar*` matches any ending. Case does not matter. */
export function wordPattern(words: string[]): RegExp {
  const alternatives = words.map((word) => {
    const stem = word.endsWith('*') ? word.slice(0, -1) : word;
    const escaped = stem.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+');
    return word.endsWith('*') ? `${escaped}[\\p{L}]*` : escaped;
  });
  return new RegExp(`(?<![\\p{L}\\p{N}_#@])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}_])`, 'iu');
}

const STOP_WORDS = new Set(
  'a an the and or of to in on at for from with by it its is are be been was were that this these those they them their you your we our i my me as so if then any all each every what who which whatever please also'.split(
    ' ',
  ),
);

/** Content words in a rough stem, for comparing phrases: "Posts digests" and "posting the digest" share both. */
export function stems(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}][\p{L}'-]+/gu) ?? [];
  return new Set(words.filter((word) => !STOP_WORDS.has(word)).map(stem));
}

function stem(word: string): string {
  return word
    .replace(/'s$/, '')
    .replace(/(?:ing|ed|es|s)$/, (ending) => (word.length - ending.length >= 3 ? '' : ending))
    .replace(/e$/, '');
}

/** Share of common stems, 0 to 1 (Dice): 1 = the same words. */
export function similarity(one: Set<string>, other: Set<string>): number {
  if (one.size + other.size === 0) return 0;
  let common = 0;
  for (const word of one) if (other.has(word)) common += 1;
  return (2 * common) / (one.size + other.size);
}

/** Removes channels, people and emoji names, which say nothing about the kind of duty. */
export function withoutNames(text: string): string {
  return text.replace(/[#@][\p{L}\p{N}_.-]+/gu, ' ').replace(/:[a-z0-9_+-]+:/g, ' ');
}
