const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]/u;
/** Emoji, and the scripts that Unicode Standard Annex 11 calls wide. */
const DOUBLE_WIDTH =
  /^(?:\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303f\uff01-\uff60\uffe0-\uffe6])/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that a line takes in a terminal. */
export function displayWidth(line: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(line)) {
    if (!ZERO_WIDTH.test(segment)) width += DOUBLE_WIDTH.test(segment) ? 2 : 1;
  }
  return width;
}

export function padToWidth(line: string, width: number): string {
  return line + ' '.repeat(Math.max(0, width - displayWidth(line)));
}

/** The beginning of a line that takes `width` columns at most, with an ellipsis where something is left out. */
export function cutToWidth(line: string, width: number): string {
  if (displayWidth(line) <= width) return line;
  let cut = '';
  for (const { segment } of graphemes.segment(line)) {
    if (displayWidth(cut + segment) > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}
