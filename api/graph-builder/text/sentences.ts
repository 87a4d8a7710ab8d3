const ABBREVIATION = /(?:\b(?:e\.g|i\.e|etc|a\.m|p\.m|approx|Mr|Mrs|Ms|Dr|vs)\.)$/i;

/** Splits a line into sentences at `. ! ? ;`, keeping abbreviations, times and file names whole. */
export function splitSentences(line: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const match of line.matchAll(/[.!?;]+["')\]]*(?=\s|$)/g)) {
    const end = match.index + match[0].length;
    const candidate = line.slice(start, end).trim();
    const next = line.slice(end).trimStart();
    const isAbbreviation = ABBREVIATION.test(candidate) && !/^[A-Z]/.test(next);
    if (isAbbreviation || isInsideQuotes(line, match.index)) continue;
    if (candidate !== '') sentences.push(candidate);
    start = end;
  }
  const rest = line.slice(start).trim();
  return rest === '' ? sentences : [...sentences, rest];
}

function isInsideQuotes(line: string, index: number): boolean {
  const before = line.slice(0, index).split('"').length - 1;
  return before % 2 === 1 && line.indexOf('"', index) > index + 1;
}
