/** Elements of which nothing is read. */
const UNREAD = new Set(['head', 'script', 'style', 'title']);
/** Elements that end a line. */
const LINES = new Set(['br', 'div', 'h1', 'h2', 'h3', 'h4', 'li', 'p', 'table', 'tr']);
const NAMED: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** What a person would read of an HTML mail. One pass over the text, whatever stands in it. */
export function textOfHtml(html: string): string {
  const lower = html.toLowerCase();
  let text = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open < 0) return tidy(text + html.slice(at));
    text += html.slice(at, open);
    const isComment = lower.startsWith('<!--', open);
    const end = isComment ? lower.indexOf('-->', open) + 2 : lower.indexOf('>', open);
    if (end < open) break;
    const name = /^<\/?([a-z][a-z0-9]*)/.exec(lower.slice(open, open + 20))?.[1] ?? '';
    if (LINES.has(name)) text += '\n';
    const close = UNREAD.has(name) && lower[open + 1] !== '/' ? lower.indexOf(`</${name}`, end) : end;
    if (close < 0) break;
    at = close === end ? end + 1 : close;
  }
  return tidy(text);
}

function tidy(text: string): string {
  const lines = decodeEntities(text)
    .split('\n')
    .map((line) => line.replaceAll('\r', '').trim());
  return lines
    .filter((line, index) => line !== '' || lines[index - 1] !== '')
    .join('\n')
    .trim();
}

/** Also for Gmail's snippets, which are HTML text. An entity that is none stays. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,5}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}
