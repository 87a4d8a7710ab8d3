import { stripVTControlCharacters } from 'node:util';

/** Format characters that a reader sees or needs: the joiners of Persian and of emoji, Arabic number signs. */
const INVISIBLE = /(?!\u{200c}|\u{200d}|[\u{600}-\u{605}]|\u{6dd})\p{Cf}/gu;
const CONTROL_BUT_LINE_FEED = /(?!\n)\p{Cc}/gu;
const SURROGATE = /\p{Cs}/gu;

/**
 * Text from outside (names, sentences, messages of providers) as a terminal may have it: without escape sequences,
 * control characters, and the invisible ones that reorder or hide what stands there (https://trojansource.codes).
 * Line feeds stay.
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(CONTROL_BUT_LINE_FEED, '')
    .replaceAll(INVISIBLE, '')
    .replaceAll(SURROGATE, '\ufffd');
}

/** `plainText` in one line, so that no text can pretend to be the next line of ours. */
export function oneLine(text: string): string {
  return plainText(text).replaceAll(/\s+/g, ' ').trim();
}

/** The beginning of a longer text, at most `length` characters with the ellipsis. */
export function shorten(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

const UNSAFE_IN_JSON = /[\u007f-\u009f\u2028\u2029]|\p{Cf}|\p{Cs}/gu;

/**
 * JSON that means the same everywhere and is harmless on a terminal: what `plainText` would remove is escaped instead.
 * `indent` as for `JSON.stringify`.
 */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(UNSAFE_IN_JSON, escapeUnits);
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
