const NOT_NAMES = new Set(
  'Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mondays Tuesdays Wednesdays Thursdays Fridays Saturdays Sundays January February March April May June July August September October November December Slack The A An I You Your Our If When Then Please Every Each QuickBooks Gmail UTC Who What'.split(
    ' ',
  ),
);
const NAME = "(\\p{Lu}[\\p{L}'-]+)";
const PATTERNS = [
  new RegExp(
    `\\b(?:dm|message|tell|ping|alert|notify|inform|warn|text|ask)\\s+(?:to\\s+)?(?:(?:our|the|my)\\s+[\\p{Ll} -]{2,40},?\\s+)?${NAME}`,
    'u',
  ),
  new RegExp(`\\b(?:send|sends|give|gives)\\s+(?:(?:our|the|my)\\s+[\\p{Ll} -]{2,40},\\s+)?${NAME}\\b`, 'u'),
  new RegExp(
    `\\b(?:message|dm|summary|digest|recap|list|note|it|them)\\s+(?:\\p{Ll}+\\s+){0,4}?(?:to|for)\\s+(?:(?:our|the|my)\\s+[\\p{Ll} -]{2,40},?\\s+)?${NAME}`,
    'u',
  ),
  new RegExp(`\\bto\\s+(?:(?:our|the|my)\\s+[\\p{Ll} -]{2,40},?\\s+)?${NAME}`, 'u'),
];

/** The person a message goes to, in a form that `slack.dm` takes: `@name` or an e-mail address. */
export function findPerson(text: string): string | undefined {
  const handle = /(?<![\p{L}\p{N}.])@([\p{L}\p{N}][\p{L}\p{N}._-]*[\p{L}\p{N}]|[\p{L}\p{N}])/u.exec(text);
  if (handle) return `@${handle[1]!.toLowerCase()}`;
  const address = /[\p{L}\p{N}._+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/u.exec(text);
  if (address) return address[0].toLowerCase();
  const relaxed = text.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase()).replace(/\bDM\b/g, 'dm');
  for (const pattern of PATTERNS) {
    const name = pattern.exec(relaxed)?.[1];
    if (name && !NOT_NAMES.has(name)) return `@${name.replace(/'s$/, '').toLowerCase()}`;
  }
  return undefined;
}

const ASKED = [
  new RegExp(
    `\\b(?:ask(?:s|ed|ing)?|check(?:s|ing)? with|clear(?:s|ed)? (?:it )?with|(?:approved|confirmed|okayed) by)\\s+(?:(?:our|the|my)\\s+[\\p{Ll} -]{2,40},?\\s+)?${NAME}`,
    'u',
  ),
  new RegExp(`${NAME}\\s+(?:has|needs|must|wants|should)\\b[^.]{0,20}\\b(?:OK|ok|okay|approve|confirm|sign off|see|agree)`, 'u'),
  new RegExp(`\\b(?:until|unless|without|before)\\s+${NAME}\\b`, 'u'),
];

/** Whose yes is wanted, by name: "ask Dana first", "Tobias has to OK it". */
export function findApprover(text: string): string | undefined {
  for (const pattern of ASKED) {
    const name = pattern.exec(text)?.[1];
    if (name && !NOT_NAMES.has(name)) return name.replace(/'s$/, '');
  }
  return undefined;
}
