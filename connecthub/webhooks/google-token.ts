import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import { readTokenHeader } from '../../platform/auth/token-header.ts';
import { bearerOf } from '../../platform/http/access.ts';
import type { Delivery } from './definition.ts';

export interface GoogleTokens {
  /** Whether the bearer is Google's, for this audience, of one of these service accounts, and current. */
  isOurs(delivery: Delivery, expected: { audience: string; serviceAccounts: readonly string[] }): Promise<boolean>;
}

/** https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken: Google writes either. */
const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
/** Google's tokens live an hour. */
const MAX_AGE_SECONDS = 3_600;
const CLOCK_TOLERANCE_SECONDS = 60;
const KEYS_TIMEOUT_MS = 2_000;
/** However many tokens name keys that do not exist: so often Google is asked. */
const COOLDOWN_MS = 30_000;
const KEYS_MAX_AGE_MS = 10 * 60_000;

const claimsSchema = z.looseObject({ email: z.string(), email_verified: z.literal(true) });

/**
 * Tokens that Pub/Sub pushes with. https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions: RS256, the keys of
 * Google's own address, the audience and the service account of the subscription.
 */
export function createGoogleTokens({ keysUrl, clock }: { keysUrl: URL; clock: () => Date }): GoogleTokens {
  const keys = createRemoteJWKSet(keysUrl, {
    timeoutDuration: KEYS_TIMEOUT_MS,
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: KEYS_MAX_AGE_MS,
  });
  return {
    isOurs: async ({ headers }, { audience, serviceAccounts }) => {
      const token = bearerOf(headers['authorization']);
      if (token === undefined) return false;
      try {
        readTokenHeader(token);
        const { payload } = await jwtVerify(token, keys, {
          algorithms: ['RS256'],
          issuer: ISSUERS,
          audience,
          currentDate: clock(),
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          maxTokenAge: MAX_AGE_SECONDS,
          requiredClaims: ['exp', 'iat', 'sub'],
        });
        const claims = claimsSchema.safeParse(payload);
        return claims.success && serviceAccounts.includes(claims.data.email);
      } catch (cause) {
        if (areKeysAway(cause)) {
          throw new ClancyError('dependency_unavailable', 'The keys of Google cannot be read right now.', {
            retryAfterMs: 5_000,
            cause,
          });
        }
        return false;
      }
    },
  };
}

/** What is left when the token itself is not at fault: no answer in time, none that is a key set, no network. */
function areKeysAway(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout) return true;
  if (error instanceof errors.JOSEError) return error.code === 'ERR_JOSE_GENERIC' || error.code === 'ERR_JWKS_INVALID';
  return error instanceof TypeError;
}
