import { z } from 'zod';
import { AuthError } from './auth-error.ts';
import { numericDate, orgIdClaim, userIdClaim } from './claims.ts';
import { decodeClerkPermissions, permissionsFromClerk } from './clerk-permissions.ts';
import { permissionsOfRole, roleFromClerk } from './permissions.ts';
import type { PersonPrincipal } from './principal.ts';

const tokenId = z.string().min(1).max(200);
const roleWord = z.string().min(1).max(100);

/** In both layouts. Clerk's library accepts a token without `iat`; without it no lifetime can be checked. */
const common = {
  sub: userIdClaim,
  iat: numericDate,
  exp: numericDate,
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  /** RFC 8693, section 4.1: who acts in the name of the subject. */
  act: z.looseObject({ sub: z.string().min(1).max(200) }).optional(),
};

/** A JWT template of ours: https://clerk.com/docs/guides/sessions/jwt-templates */
const templateSchema = z.looseObject({
  ...common,
  user_id: userIdClaim,
  org_id: orgIdClaim,
  role: roleWord,
  jti: tokenId.optional(),
});

/** Session token, version 2: https://clerk.com/docs/guides/sessions/session-tokens */
const sessionSchema = z.looseObject({
  ...common,
  v: z.literal(2),
  sid: tokenId,
  fea: z.string().max(4000).optional(),
  o: z.looseObject({
    id: orgIdClaim,
    rol: roleWord,
    per: z.string().max(4000).optional(),
    fpm: z.string().max(4000).optional(),
  }),
});

export type PersonTokenLimits = { readonly maxLifetimeSeconds: number; readonly audience: readonly string[] };

/**
 * Turns the claims of a token whose signature, issuer and times were verified into a person, and refuses what
 * Clerk's library tolerates: see each check. Throws {@link AuthError}.
 */
export function personFromClaims(claims: Record<string, unknown>, limits: PersonTokenLimits): PersonPrincipal {
  if (claims['sts'] !== undefined && claims['sts'] !== 'active') throw new AuthError('session_pending');
  // `mch_...` is a machine, and any other prefix something that did not exist when this was written.
  if (!userIdClaim.safeParse(claims['sub']).success) throw new AuthError('not_a_person');
  const isSession = ['v', 'o', 'sid'].some((name) => claims[name] !== undefined);
  return isSession ? fromSession(claims, limits) : fromTemplate(claims, limits);
}

function fromTemplate(claims: Record<string, unknown>, limits: PersonTokenLimits): PersonPrincipal {
  if (claims['org_id'] === undefined || claims['org_id'] === null) throw new AuthError('no_organisation');
  const parsed = templateSchema.safeParse(claims);
  if (!parsed.success || parsed.data.user_id !== parsed.data.sub) throw new AuthError('claims');
  const { sub, org_id, role, jti, act } = parsed.data;
  checkLimits(parsed.data, limits);
  return {
    kind: 'person',
    userId: sub,
    orgId: org_id,
    role: roleFromClerk(role),
    permissions: permissionsOfRole(roleFromClerk(role)),
    ...(jti !== undefined && { jti }),
    ...(act !== undefined && { impersonatedBy: act.sub }),
  };
}

function fromSession(claims: Record<string, unknown>, limits: PersonTokenLimits): PersonPrincipal {
  if (claims['o'] === undefined || claims['o'] === null) throw new AuthError('no_organisation');
  const parsed = sessionSchema.safeParse(claims);
  if (!parsed.success) throw new AuthError('claims');
  const { sub, sid, o, fea, act } = parsed.data;
  checkLimits(parsed.data, limits);
  const role = roleFromClerk(o.rol);
  const custom = decodeClerkPermissions({ fea: fea ?? '', per: o.per ?? '', fpm: o.fpm ?? '' });
  return {
    kind: 'person',
    userId: sub,
    orgId: o.id,
    role,
    permissions: [...new Set([...permissionsOfRole(role), ...custom.flatMap(permissionsFromClerk)])],
    sid,
    ...(act !== undefined && { impersonatedBy: act.sub }),
  };
}

type Limited = { iat: number; exp: number; aud?: string | string[] | undefined };

function checkLimits({ iat, exp, aud }: Limited, limits: PersonTokenLimits): void {
  if (exp <= iat || exp - iat > limits.maxLifetimeSeconds) throw new AuthError('lifetime');
  const audiences = [aud ?? []].flat();
  if (!audiences.some((audience) => limits.audience.includes(audience))) throw new AuthError('audience');
}
