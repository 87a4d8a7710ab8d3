/**
 * JSON text that PostgreSQL takes as jsonb: it refuses NUL and lone surrogates, which JSON allows. Each becomes U+FFFD.
 * `json` must come from JSON.stringify.
 */
export function storable(json: string): string;
