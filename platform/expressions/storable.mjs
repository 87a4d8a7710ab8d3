/** A NUL or half of a surrogate pair, as JSON.stringify writes them; a backslash that is itself escaped is passed over. */
const ESCAPES = /\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g;

/**
 * JSON text that PostgreSQL takes as jsonb: it refuses NUL and lone surrogates, which JSON allows. Each becomes U+FFFD.
 * `json` must come from JSON.stringify.
 */
export function storable(json) {
  if (!json.includes('\\u')) return json;
  return json.replace(ESCAPES, (escape) => (/^\\u(?:0000|d)/.test(escape) ? '\\ufffd' : escape));
}
