/** What fits in a line of so many signs, broken between words; the last line says that there is more. */
export function wrap(text: string, most: number, maxLines: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words(text, most)) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  if (lines.length <= maxLines) return lines;
  const last = lines[maxLines - 1] ?? '';
  return [...lines.slice(0, maxLines - 1), `${last.slice(0, most - 1)}…`];
}

/** Words longer than a line are cut. */
function words(text: string, most: number): string[] {
  const clean = plain(text).split(' ').filter(Boolean);
  return clean.flatMap((word) => {
    const signs = [...word];
    return Array.from({ length: Math.ceil(signs.length / most) }, (_, n) => signs.slice(n * most, (n + 1) * most).join(''));
  });
}

/** One line, without signs that XML 1.0 forbids or that turn the direction of text. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, ' ')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/ +/g, ' ')
    .trim();
}

/** Text as XML holds it, in elements and in attributes. */
export function escape(text: string): string {
  return plain(text).replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
}
