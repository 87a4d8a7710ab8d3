const ADDRESS = /[\p{L}\p{N}._+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
const ARRIVING =
  /\b(?:arriv\w+|com(?:e|es|ing) in(?:to)?|sent to|writes? to|mails?|e-?mails?|look after|looks after|at|in|to our|watch\w*|monitor\w*|from|lands? in|check)\s+$/i;

/** Whom an e-mail goes to: an address that is not where mail comes from. */
export function findAddress(text: string): string | undefined {
  const found = [...text.matchAll(ADDRESS)].filter(({ index }) => !/\bfrom\s*:?\s*\(?$/i.test(text.slice(0, index)));
  const target = found.find(({ index }) => /\b(?:to|cc)\s*:?\s*\(?(?:the \p{L}+ \(?)?$|\(\s*$/iu.test(text.slice(0, index)));
  return (target ?? found.at(-1))?.[0].toLowerCase();
}

/** Where mail comes in: `orders@firm.example`, or `orders` of "orders@". */
export function findMailbox(text: string): string | undefined {
  for (const match of text.matchAll(/(?<![\p{L}\p{N}])([\p{L}\p{N}._+-]+)@((?:[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)?)/gu)) {
    const before = text.slice(0, match.index);
    if (/\bfrom\s+$/i.test(before) || (match[2] !== '' && !ARRIVING.test(before))) continue;
    return (match[2] === '' ? match[1]! : match[0]).toLowerCase();
  }
  return undefined;
}

/** "outside firm.example", "@firm.example": the domain that addresses must have. */
export function findDomain(text: string): string | undefined {
  const domain = /(?<![\p{L}\p{N}.])@?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?![\p{L}\p{N}@])/u.exec(
    text.replace(ADDRESS, (address) => address.slice(address.indexOf('@') + 1)),
  )?.[1];
  return domain === undefined || /^(?:e\.g|i\.e|p\.m|a\.m)$/i.test(domain) ? undefined : domain.toLowerCase();
}

/** `Label the mail "Booked"`, `with the label Paid`, `as Urgent`. */
export function findLabel(text: string): string | undefined {
  const quoted = /"([^"]{1,60})"/.exec(text);
  if (quoted && /\b(?:label|tag|mark|file|sort|move|flag|under|as)/i.test(text)) return quoted[1]!.trim();
  const named =
    /\b(?:label|tag)(?:led|ged|s)?\s+(?:(?:it|them|the \p{L}+|each(?: one| mail| e-?mail)?|this|these|those|all \p{L}+|everything|mails?|e-?mails?)\s+)?(?:as\s+|with\s+)?(\p{Lu}[\p{L}\p{N}/-]*)/u.exec(
      text,
    ) ??
    /\b(?:label|tag)\s+(?:called|named|of)?\s*(\p{Lu}[\p{L}\p{N}/-]*)/u.exec(text) ??
    /\b(?:with|under|as|into|the)\s+(?:the\s+)?(?:label\s+)?(\p{Lu}[\p{L}\p{N}/-]*)(?:\s+label)?/u.exec(text);
  return named?.[1];
}

/** The labels to choose from: "(Delivery, Warranty, Other)", "as Sales, Support or Spam". */
export function findLabels(text: string): string[] | undefined {
  const ITEM = '(?:"[^"]{1,40}"|\\p{Lu}[\\p{L}\\p{N}/-]*(?: [\\p{L}\\p{N}/-]+){0,3}?)';
  const list = new RegExp(
    `(?:\\(|:|\\bas|\\blabels?|\\binto|\\bwith|\\bunder|\\beither)\\s*((?:${ITEM})(?:\\s*,\\s*(?:or |and )?${ITEM}|\\s+(?:or|and)\\s+${ITEM})+)`,
    'u',
  ).exec(text);
  if (!list) return undefined;
  const labels = list[1]!.split(/\s*,\s*(?:or |and )?|\s+(?:or|and)\s+/).map((label) => label.replaceAll('"', '').trim());
  return labels.length > 1 ? labels.slice(0, 20) : undefined;
}

/** Mail from whom or about what, in Gmail's search words. */
export function findMailQuery(text: string): string | undefined {
  const from =
    /\bfrom\s+\(?([\p{L}\p{N}._+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)/u.exec(text)?.[1] ??
    /\(from ([\p{L}\p{N}._+-]+@[\p{L}\p{N}.-]+\p{L})\)/u.exec(text)?.[1];
  if (from) return `from:${from.toLowerCase()}`;
  const subject = /\b(?:subject|titled|headed)\s+(?:line\s+)?(?:contains?\s+|says?\s+|with\s+)?"([^"]{2,80})"/i.exec(text)?.[1];
  if (subject) return `subject:"${subject}"`;
  const about =
    /\b(?:e-?mails?|mails?|messages?)\b(?:[^.]|\.(?=\S)){0,60}?\b(?:about|regarding|mentioning|containing)\s+(?:an?\s+|the\s+|our\s+)?("[^"]{2,60}"|[\p{L}-]+(?:\s+[\p{L}-]+)?)/iu.exec(
      text,
    )?.[1];
  return about === undefined
    ? undefined
    : about.startsWith('"')
      ? about
      : `"${about.replace(/\s+(?:in|to|and|or|from|at|on|that|comes?|arrives?)$/i, '')}"`;
}

/** `owner/name` of GitHub. */
export function findRepository(text: string): string | undefined {
  return /(?<![\p{L}\p{N}@./:-])([A-Za-z0-9][\w.-]{0,38}\/[A-Za-z0-9][\w.-]{0,99})(?![\w/])/u.exec(
    text.replace(/\b(?:and\/or|his\/her|he\/she|n\/a|w\/o|a\/r|a\/p|free\/busy|24\/7|yes\/no|him\/her|s\/he)\b/gi, ' '),
  )?.[1];
}
