import { PERMISSIONS } from './permissions.ts';
import type { Permission } from './permissions.ts';

/** Features of a session token that belong to the organisation; `u:` ones belong to the person and carry no bits. */
const ORGANISATION_FEATURE = /^(?:o|ou|uo):([a-z0-9_-]+)$/;

/**
 * Custom permissions of session token v2 as `org:<feature>:<permission>`: `fpm` holds one integer per organisation
 * feature, a bitmask over `per`, lowest bit first. https://clerk.com/docs/guides/sessions/session-tokens
 */
export function decodeClerkPermissions(claims: { fea?: string; per?: string; fpm?: string }): string[] {
  const features = list(claims.fea).flatMap((feature) => ORGANISATION_FEATURE.exec(feature)?.slice(1) ?? []);
  const permissions = list(claims.per);
  const masks = list(claims.fpm).map((mask) => (/^\d{1,9}$/.test(mask) ? Number(mask) : 0));
  return features.flatMap((feature, index) =>
    permissions
      .filter((_permission, bit) => bit < 30 && ((masks[index] ?? 0) & (1 << bit)) !== 0)
      .map((permission) => `org:${feature}:${permission}`),
  );
}

/** Clerk's word for a noun, where it differs from ours. */
const FEATURE_NOUNS: ReadonlyMap<string, string> = new Map([['agents', 'employees']]);

/**
 * Our permissions behind a custom one: `org:runs:read` is `runs.read`; `org:agents:manage` is everything about
 * employees. `use` and `audit` have no `manage`: they are said out loud or not at all. Others mean nothing here.
 */
export function permissionsFromClerk(custom: string): readonly Permission[] {
  const [scope, feature = '', action = '', ...rest] = custom.split(':');
  if (scope !== 'org' || rest.length > 0) return [];
  const noun = FEATURE_NOUNS.get(feature) ?? feature;
  if (action === 'manage' && noun !== 'use' && noun !== 'audit') {
    return PERMISSIONS.filter((permission) => permission.startsWith(`${noun}.`));
  }
  return PERMISSIONS.filter((permission) => permission === `${noun}.${action}`);
}

function list(text: string | undefined): string[] {
  return (text ?? '').split(',').map((part) => part.trim());
}
