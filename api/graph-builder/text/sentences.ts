const ABBREVIATION = /(?:\b(?:e\.g|i\.e|etc|a\.m|p\.m|approx|Mr|Mrs|Ms|Dr|vs)\.)$/i;

/** Always followed by a name. */
const TITLE = /\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|Nr)\.$/;
/** After "9 a.m." a sentence goes on, unless this begins it. */
const STARTS =
  /^(?:The|A|An|On|If|When|Then|Please|You|I|We|It|In|At|For|Never|Do|Don't|Post|Send|Read|Tell|Ask|Write|After|Before|Each|Every|Also|No|Nothing|This|That)\b|^[-*•\d]/;

/** Splits a line into sentences at `. ! ? ;`, keeping abbreviations, times and file names whole. */
export function splitSentences(line: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const match of line.matchAll(/[.!?;]+["')\]]*(?=\s|$)/g)) {
    const end = match.index + match[0].length;
    const candidate = line.slice(start, end).trim();
    const next = line.slice(end).trimStart();
    const isAbbreviation = (TITLE.test(candidate) && next !== '') || (ABBREVIATION.test(candidate) && !STARTS.test(next));
    // "paw... well": what trails off goes on.
    const trailsOff = /(?:\.\.|…)$/.test(candidate) && next !== '';
    if (isAbbreviation || trailsOff || isInsideQuotes(line, match.index)) continue;
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
