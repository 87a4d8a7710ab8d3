import { redactSecrets } from '../checker/secrets.ts';

/** Longest job description that is read, in characters; more is no job description. */
export const MAX_DESCRIPTION_LENGTH = 20_000;

/** One form for what people paste: line ends, spaces, quotes, dashes; no invisible characters, no secrets. */
export function normalise(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]/g, '')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .replace(/[\u00a0\u2000-\u200a\t]/g, ' ')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"');
  return redactSecrets(plain);
}
