import { createLocalJWKSet, errors, importJWK, jwtVerify, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { AuthError } from './auth-error.ts';
import type { AuthErrorReason } from './auth-error.ts';
import type { PublicJwks, SigningJwk } from './signing-key.ts';

/** Who signs, for whom, and of what type (RFC 8725, section 3.11: explicit typing keeps one kind from passing for another). */
export type TokenKind = { readonly typ: string; readonly issuer: string; readonly audience: string };

/** Lifetime and instant of a token to sign. */
export type SigningTime = { readonly nowMs: number; readonly lifetimeSeconds: number };

/** Clocks of two of our own machines may differ by this much. */
const CLOCK_SKEW_SECONDS = 5;

/** Longest token that is looked at. A ticket of 500 capabilities stays below it. */
const MAX_TOKEN_CHARACTERS = 65_536;

/** Signs claims as a compact JWS with EdDSA. */
export async function signEdDsa(key: SigningJwk, kind: TokenKind, claims: JWTPayload, time: SigningTime) {
  const issuedAt = Math.floor(time.nowMs / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: kind.typ })
    .setIssuer(kind.issuer)
    .setAudience(kind.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + time.lifetimeSeconds)
    .sign(await importJWK(key, 'EdDSA'));
}

/**
 * A verifier against a fixed set of public keys: no network, nothing in the token's header chooses a key but its `kid`.
 * Resolves to the raw claims; throws {@link AuthError}.
 */
export function createEdDsaVerifier(jwks: PublicJwks, kind: TokenKind): (token: string) => Promise<JWTPayload> {
  const keys = createLocalJWKSet(jwks);
  const options = {
    algorithms: ['EdDSA'],
    typ: kind.typ,
    issuer: kind.issuer,
    audience: kind.audience,
    requiredClaims: ['exp', 'iat'],
    clockTolerance: CLOCK_SKEW_SECONDS,
  };
  return async (token) => {
    if (token.length > MAX_TOKEN_CHARACTERS) throw new AuthError('malformed');
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, options);
      if (protectedHeader.kid === undefined) throw new AuthError('unknown_key');
      // jose looks at `iat` only together with `maxTokenAge`.
      if (Number(payload.iat) > Date.now() / 1000 + CLOCK_SKEW_SECONDS) throw new AuthError('not_yet_valid');
      return payload;
    } catch (error) {
      throw error instanceof AuthError ? error : new AuthError(reasonOf(error));
    }
  };
}

const CLAIM_REASONS: ReadonlyMap<string, AuthErrorReason> = new Map([
  ['iss', 'issuer'],
  ['aud', 'audience'],
  ['typ', 'header'],
  ['nbf', 'not_yet_valid'],
  ['iat', 'not_yet_valid'],
]);

function reasonOf(error: unknown): AuthErrorReason {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIM_REASONS.get(error.claim) ?? 'claims';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey) return 'unknown_key';
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return 'header';
  return 'malformed';
}
