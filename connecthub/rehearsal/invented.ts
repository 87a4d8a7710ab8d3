import { createHash } from 'node:crypto';
import type { JsonObject } from '../../contracts/json.ts';

/**
 * Values that nobody gave: the same for the same seed, so that a repeated call is answered alike, and none that a provider
 * knows. They look as `schema` wants a text to look, as far as one of a few usual forms does.
 */
export function inventText(schema: JsonObject, seed: string, now: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  const digits = BigInt(`0x${hex.slice(0, 24)}`)
    .toString()
    .padStart(20, '1');
  const { pattern, format, maxLength } = schema;
  const most = typeof maxLength === 'number' ? maxLength : Number.POSITIVE_INFINITY;
  if (format === 'date-time') return now;
  if (format === 'date') return now.slice(0, 10);
  const forms = [
    `rehearsal-${hex.slice(0, 12)}`,
    `rehearsal_${hex.slice(0, 12)}`,
    `rehearsal${hex.slice(0, 12)}`,
    digits.slice(0, 10),
    `${digits.slice(0, 10)}.${digits.slice(10, 16)}`,
    `R${hex.slice(0, 10).toUpperCase()}`,
    now.slice(0, 10),
    now,
    `rehearsal-${hex.slice(0, 12)}@example.invalid`,
    `https://example.invalid/rehearsal/${hex.slice(0, 12)}`,
    '0.00',
    '0',
    'USD',
  ];
  const fits = typeof pattern === 'string' ? (text: string) => matches(pattern, text) : () => true;
  const own = prefixesOf(pattern).map((prefix) => `${prefix}rehearsal${hex.slice(0, 12)}`);
  const found = [...forms, ...own].find((text) => text.length <= most && fits(text));
  return found ?? forms[0]!.slice(0, Math.min(most, 60));
}

/** A real id with every letter and digit replaced by another of its kind: it keeps its form and names nothing. */
export function disguise(text: string, seed: string): string {
  const bytes = createHash('sha512').update(`${seed}|${text}`).digest();
  return [...text].map((sign, index) => replaced(sign, bytes[index % bytes.length] ?? 0)).join('');
}

function replaced(sign: string, by: number): string {
  if (/[1-9]/.test(sign)) return String((by % 9) + 1);
  if (/[a-z]/.test(sign)) return String.fromCharCode(97 + (by % 26));
  if (/[A-Z]/.test(sign)) return String.fromCharCode(65 + (by % 26));
  return sign;
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return false;
  }
}

/** Stripe's ids and their like: `^(?:in|inv)_[A-Za-z0-9_]+$` begins with one of a few words. */
function prefixesOf(pattern: unknown): string[] {
  if (typeof pattern !== 'string') return [];
  const words = /^\^\(\?:([a-z|]+)\)_/.exec(pattern)?.[1] ?? /^\^([a-z]+)_/.exec(pattern)?.[1];
  return words === undefined ? [] : words.split('|').map((word) => `${word}_`);
}
