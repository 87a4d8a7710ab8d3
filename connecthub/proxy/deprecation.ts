import type { Deprecation } from '../../contracts/capability.ts';

/**
 * What an answer to a call of a deprecated capability says in its headers: `Deprecation` (RFC 9745: since when, in seconds) and
 * `Sunset` (RFC 8594: the end of the last day on which it is there).
 */
export function deprecationHeaders({ since, removed_after: last }: Deprecation): { [name: string]: string } {
  return {
    deprecation: `@${Date.parse(`${since}T00:00:00Z`) / 1_000}`,
    ...(last !== undefined && { sunset: new Date(`${last}T23:59:59Z`).toUTCString() }),
  };
}
