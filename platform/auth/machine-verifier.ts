import { CognitoJwtVerifier } from 'aws-jwt-verify';
import * as errors from 'aws-jwt-verify/error';
import type { JwksCache } from 'aws-jwt-verify/jwk';
import { AuthError } from './auth-error.ts';
import type { AuthErrorReason } from './auth-error.ts';
import { createJwksCache, fetchJwksBytes, isUnknownKey } from './jwks-cache.ts';
import { readAgentClaims, readServiceClaims } from './machine-claims.ts';
import { SERVICE_NAMES } from './principal.ts';
import type { AgentPrincipal, ServiceName, ServicePrincipal } from './principal.ts';
import { readTokenHeader } from './token-header.ts';

export type MachineVerifierConfig = {
  /** Such as `eu-central-1_AbCdEf123`: gives issuer and key address. */
  readonly userPoolId: string;
  /** App client of each of our services. */
  readonly serviceClients: Readonly<Record<ServiceName, string>>;
  /** Development only: where the local issuer publishes the keys of the pool. */
  readonly jwksUrl?: string;
  readonly jwksCache?: JwksCache;
  /** Longest `exp - iat`. */
  readonly maxLifetimeSeconds?: number;
  readonly clockSkewSeconds?: number;
};

export type MachineVerifier = {
  /** A token of one of our services. Rejects with {@link AuthError}. */
  readonly verifyService: (token: string) => Promise<ServicePrincipal>;
  /** A token of an employee. Rejects with {@link AuthError}. */
  readonly verifyAgent: (token: string) => Promise<AgentPrincipal>;
};

const MAX_LIFETIME_SECONDS = 3600;
const CLOCK_SKEW_SECONDS = 5;

/**
 * Verifiers of Cognito access tokens. The library checks signature, issuer, `token_use`, client and `exp`;
 * what it leaves open (no `exp`, lifetime, `iat`, shapes) `machine-claims.ts` refuses within its `customJwtCheck`.
 * @throws when the pool id is none, or two services share an app client.
 */
export function createMachineVerifier(config: MachineVerifierConfig): MachineVerifier {
  const services = new Map(SERVICE_NAMES.map((service) => [config.serviceClients[service], service]));
  if (services.size !== SERVICE_NAMES.length) throw new TypeError('each service needs an app client of its own');
  const limits = {
    maxLifetimeSeconds: config.maxLifetimeSeconds ?? MAX_LIFETIME_SECONDS,
    clockSkewSeconds: config.clockSkewSeconds ?? CLOCK_SKEW_SECONDS,
  };
  const pool = { userPoolId: config.userPoolId, tokenUse: 'access', graceSeconds: limits.clockSkewSeconds } as const;
  const cache = { jwksCache: config.jwksCache ?? createJwksCache({ fetchJwks: keyFetcher(config.jwksUrl) }) };
  const serviceTokens = CognitoJwtVerifier.create(
    { ...pool, clientId: [...services.keys()], customJwtCheck: ({ payload }) => void readServiceClaims(payload, limits) },
    cache,
  );
  const agentTokens = CognitoJwtVerifier.create(
    { ...pool, clientId: null, customJwtCheck: ({ payload }) => void readAgentClaims(payload, limits) },
    cache,
  );

  return {
    verifyService: async (token) => {
      const claims = readServiceClaims(await verified(serviceTokens, token), limits);
      const service = services.get(claims.client_id);
      if (service === undefined) throw new AuthError('client');
      return { kind: 'service', service, clientId: claims.client_id };
    },
    verifyAgent: async (token) => {
      const claims = readAgentClaims(await verified(agentTokens, token), limits);
      if (services.has(claims.client_id)) throw new AuthError('client');
      return {
        kind: 'agent',
        orgId: claims.org_id,
        employeeId: claims.agent_id,
        clientId: claims.client_id,
        capabilityScope: claims.capability_scope,
      };
    },
  };
}

/** The library asks for `https://cognito-idp...`; with a development address every question goes there instead. */
function keyFetcher(jwksUrl: string | undefined) {
  return async (uri: string) => fetchJwksBytes(jwksUrl ?? uri);
}

async function verified(verifier: { verify: (token: string) => Promise<unknown> }, token: string): Promise<unknown> {
  readTokenHeader(token);
  try {
    return await verifier.verify(token);
  } catch (error) {
    throw error instanceof AuthError ? error : new AuthError(reasonOf(error));
  }
}

const REASONS: readonly (readonly [abstract new (...args: never[]) => Error, AuthErrorReason])[] = [
  [errors.JwtExpiredError, 'expired'],
  [errors.JwtNotBeforeError, 'not_yet_valid'],
  [errors.JwtInvalidIssuerError, 'issuer'],
  [errors.JwtInvalidSignatureError, 'signature'],
  [errors.JwtInvalidSignatureAlgorithmError, 'header'],
  [errors.CognitoJwtInvalidClientIdError, 'client'],
  [errors.JwtInvalidClaimError, 'claims'],
  [errors.JwtParseError, 'malformed'],
  // "issuer not configured": the pool accepts two forms of its issuer and is asked for a third.
  [errors.ParameterValidationError, 'issuer'],
  [errors.FailedAssertionError, 'claims'],
];

function reasonOf(error: unknown): AuthErrorReason {
  if (isUnknownKey(error)) return 'unknown_key';
  // What is left over comes from reading the keys: a network that is down, an answer that is no key set.
  return REASONS.find(([type]) => error instanceof type)?.[1] ?? 'keys_unavailable';
}
