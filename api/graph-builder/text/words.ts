/** Compiles a group of words and phrases; `summar*` matches any ending. Case does not matter. */
export function wordPattern(words: string[]): RegExp {
  const alternatives = words.map((word) => {
    const stem = word.endsWith('*') ? word.slice(0, -1) : word;
    const escaped = stem.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+');
    return word.endsWith('*') ? `${escaped}[\\p{L}]*` : escaped;
  });
  return new RegExp(`(?<![\\p{L}\\p{N}_#@])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}_])`, 'iu');
}

/** A text taken apart once, for the many groups of words that are looked for in it. */
export interface TextWords {
  list: string[];
  set: Set<string>;
  /** With one space between words and at both ends. */
  joined: string;
}

export function textWords(text: string): TextWords {
  const list = text.toLowerCase().match(/[#@]?[\p{L}\p{N}_](?:[\p{L}\p{N}_'&/+-]*[\p{L}\p{N}_])?/gu) ?? [];
  const parts = list.flatMap((word) =>
    /[-/'&+]/.test(word) && !/^[#@]/.test(word) ? [word, ...word.split(/[-/'&+]/).filter((part) => part !== '')] : [word],
  );
  return { list: parts, set: new Set(parts), joined: ` ${list.join(' ')} ` };
}

/** Like {@link wordPattern}, for texts that many groups are looked for in. */
export function wordGroup(words: string[]): (text: TextWords) => boolean {
  const lower = words.map((word) => word.toLowerCase());
  const plain = lower.filter((word) => /^[\p{L}\p{N}_'&/+-]+$/u.test(word));
  const starts = lower.filter((word) => /^[\p{L}\p{N}_'&/+-]+\*$/u.test(word)).map((word) => word.slice(0, -1));
  const phrases = lower
    .filter((word) => /\s/.test(word))
    .map((word) => (word.endsWith('*') ? ` ${word.slice(0, -1)}` : ` ${word} `));
  const others = lower.filter((word) => !/\s/.test(word) && !/^[\p{L}\p{N}_'&/+-]+\*?$/u.test(word));
  const rest = others.length > 0 ? wordPattern(others) : undefined;
  return ({ list, set, joined }) =>
    plain.some((word) => set.has(word)) ||
    (starts.length > 0 &&
      list.some((word) => starts.some((start) => word.startsWith(start) && /^\p{L}*$/u.test(word.slice(start.length))))) ||
    phrases.some((phrase) => joined.includes(phrase)) ||
    rest?.test(joined) === true;
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
