import type { Json } from '../../contracts/json.ts';

const REDACTED = '[redacted]';

/** What PostgreSQL's jsonb cannot hold: NUL, and one half of a surrogate pair alone. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu;

/**
 * Every text of the value without anything that looks like a provider's token, without these very tokens, and with U+FFFD
 * for what the database cannot hold: the outcome of a call must be recordable whatever the provider said.
 */
export function scrub(value: Json, pattern: RegExp, secrets: readonly string[] = []): Json {
  if (typeof value === 'string') return scrubText(value, pattern, secrets);
  if (Array.isArray(value)) return value.map((one) => scrub(one, pattern, secrets));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [scrubText(key, pattern, secrets), scrub(one, pattern, secrets)]),
  );
}

/** The same of one text. */
export function scrubText(text: string, pattern: RegExp, secrets: readonly string[]): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
  return known.replace(pattern, REDACTED).replace(UNSTORABLE, '\uFFFD');
}
