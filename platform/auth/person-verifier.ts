import { createPublicKey } from 'node:crypto';
import { verifyToken } from '@clerk/backend';
import { TokenVerificationError, TokenVerificationErrorReason as Reason } from '@clerk/backend/errors';
import { AuthError } from './auth-error.ts';
import type { AuthErrorReason } from './auth-error.ts';
import { createJwksCache, fetchJwksBytes, isUnknownKey } from './jwks-cache.ts';
import type { JwksCacheOptions } from './jwks-cache.ts';
import { personFromClaims } from './person-claims.ts';
import type { PersonPrincipal } from './principal.ts';
import { readTokenHeader } from './token-header.ts';

/** Where the keys come from: one PEM (no network), or Clerk's own JWKS behind the secret key. */
export type ClerkKeys =
  | { readonly jwtKey: string; readonly jwtKeyId?: string }
  | { readonly secretKey: string; readonly apiUrl?: string; readonly jwks?: Partial<JwksCacheOptions> };

export type PersonVerifierConfig = {
  readonly issuer: string;
  readonly audience: string | readonly string[];
  /** Origins allowed in `azp`. Unset: not checked. */
  readonly authorizedParties?: readonly string[];
  readonly keys: ClerkKeys;
  /** Longest `exp - iat`; Clerk's templates of ours live 15 minutes. */
  readonly maxLifetimeSeconds?: number;
  readonly clockSkewMs?: number;
};

export type PersonVerifier = (token: string) => Promise<PersonPrincipal>;

const MAX_LIFETIME_SECONDS = 900;
const CLOCK_SKEW_MS = 5_000;

/**
 * A verifier of Clerk tokens, both the JWT template and session token v2. Clerk's library checks signature, issuer,
 * `azp` and times; `personFromClaims` refuses what it tolerates. Rejects with {@link AuthError} only.
 * @throws TypeError for a `jwtKey` that Clerk's library would silently misread.
 */
export function createPersonVerifier(config: PersonVerifierConfig): PersonVerifier {
  const keyFor = 'jwtKey' in config.keys ? fixedKey(config.keys) : remoteKey(config.keys);
  const audience = [config.audience].flat();
  const limits = { maxLifetimeSeconds: config.maxLifetimeSeconds ?? MAX_LIFETIME_SECONDS, audience };
  if (audience.length === 0 || audience.includes('') || config.issuer === '') {
    throw new TypeError('issuer and audience of people must be set');
  }
  return async (token) => {
    const key = await keyFor(readTokenHeader(token).kid);
    const claims = await verifyToken(token, {
      jwtKey: key.pem,
      issuer: config.issuer,
      audience,
      clockSkewInMs: config.clockSkewMs ?? CLOCK_SKEW_MS,
      ...(config.authorizedParties && { authorizedParties: [...config.authorizedParties] }),
    }).catch((error: unknown) => {
      throw new AuthError(reasonOf(error));
    });
    const person = personFromClaims(claims, limits);
    key.verified();
    return person;
  };
}

/** The PEM of the key, and what to do once a token verified with it. */
type Key = { readonly pem: string; readonly verified: () => void };

/**
 * The library takes any `kid` when it has a PEM. Ours must be the configured one or, since Clerk does not print it
 * beside the PEM, the one of the first token that verified: only Clerk can have signed that.
 */
function fixedKey({ jwtKey, jwtKeyId }: { jwtKey: string; jwtKeyId?: string }): (kid: string) => Promise<Key> {
  const pem = checkedPem(jwtKey);
  let knownKid = jwtKeyId;
  return async (kid) => {
    if (knownKid !== undefined && kid !== knownKid) throw new AuthError('unknown_key');
    return { pem, verified: () => void (knownKid ??= kid) };
  };
}

/** https://clerk.com/docs/reference/backend-api/tag/jwks/GET/jwks */
const CLERK_API_URL = 'https://api.clerk.com';

/**
 * Clerk's library fetches the key set for every token with an unknown `kid`, so ours stands before it: it fetches
 * once for many, refuses unknown keys without asking again for a while, and outlives a pause of Clerk's.
 */
function remoteKey(keys: { secretKey: string; apiUrl?: string; jwks?: Partial<JwksCacheOptions> }) {
  const uri = new URL('/v1/jwks', keys.apiUrl ?? CLERK_API_URL).href;
  const fetchJwks = (url: string) => fetchJwksBytes(url, { authorization: `Bearer ${keys.secretKey}` });
  const cache = createJwksCache({ fetchJwks, ...keys.jwks });
  return async (kid: string): Promise<Key> => {
    try {
      const jwk = await cache.getJwk(uri, { header: { kid, alg: 'RS256' }, payload: {} });
      const pem = createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
      return { pem: checkedPem(String(pem)), verified: () => undefined };
    } catch (error) {
      throw new AuthError(isUnknownKey(error) ? 'unknown_key' : 'keys_unavailable');
    }
  };
}

/**
 * Clerk's library cuts the modulus out of the PEM by its text, which is right for 2048-bit RSA with exponent 65537
 * alone. Anything else would make every token look forged, so it is refused here by name.
 */
function checkedPem(pem: string): string {
  const key = createPublicKey(pem);
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== 'rsa' || modulusLength !== 2048 || publicExponent !== 65_537n) {
    throw new TypeError('the Clerk JWT key is not a 2048-bit RSA public key in PEM');
  }
  return String(key.export({ type: 'spki', format: 'pem' }));
}

const REASONS: ReadonlyMap<string, AuthErrorReason> = new Map([
  [Reason.TokenExpired, 'expired'],
  [Reason.TokenInvalid, 'malformed'],
  [Reason.TokenInvalidAlgorithm, 'header'],
  [Reason.TokenInvalidAuthorizedParties, 'party'],
  [Reason.TokenInvalidIssuer, 'issuer'],
  [Reason.TokenInvalidSignature, 'signature'],
  [Reason.TokenNotActiveYet, 'not_yet_valid'],
  [Reason.TokenIatInTheFuture, 'not_yet_valid'],
]);

function reasonOf(error: unknown): AuthErrorReason {
  return (error instanceof TokenVerificationError && REASONS.get(error.reason)) || 'claims';
}
