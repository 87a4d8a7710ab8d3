/** A text as words in lower case: punctuation, quotes and line ends do not matter; `#`, `@` and digits stay. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\u2018\u2019]/g, "'");
  return plain.match(/[#@]?[\p{L}\p{N}]+(?:[.,'@_-][\p{L}\p{N}]+)*@?/gu) ?? [];
}

const EMPTY = new Set(
  (
    'a an the and or of to in on at for from with by it its is are be been was were has have had that this these those they ' +
    'them their you your we our i my me as so if then any all each every what who which when whenever while not no do does ' +
    'than there will would should can may must into about one someone somebody anyone anybody people person new'
  ).split(' '),
);

/** Words that carry the meaning, as rough stems: "arrives" and "arriving" share one. */
export function stemsOf(text: string): Set<string> {
  const words = wordsOf(text).filter((word) => !EMPTY.has(word) && !/^[#@]|@/.test(word));
  return new Set(words.map(stemOf));
}

function stemOf(word: string): string {
  const bare = word
    .replace(/'s$/, '')
    .replace(/(?:ing|ies|ied|ed|es|s|y)$/, (ending) => (word.length - ending.length >= 3 ? '' : ending));
  return bare.replace(/e$/, '').slice(0, 7);
}
