import { z } from 'zod';
import { AuthError } from './auth-error.ts';
import { capabilityScopeClaim, clientIdClaim, employeeIdClaim, numericDate, orgIdClaim } from './claims.ts';
import { createEdDsaVerifier, signEdDsa } from './eddsa-token.ts';
import type { PublicJwks, SigningJwk } from './signing-key.ts';

const KIND = { typ: 'agent-assertion+jwt', issuer: 'agent-core', audience: 'cognito-trigger' } as const;

/** Key in `aws_client_metadata` under which the pre-token trigger looks for the assertion. */
export const ASSERTION_METADATA_KEY = 'assertion';

/** One token request, no more. */
const LIFETIME_SECONDS = 60;

const wireSchema = z.strictObject({
  iss: z.literal(KIND.issuer),
  aud: z.literal(KIND.audience),
  iat: numericDate,
  exp: numericDate,
  client_id: clientIdClaim,
  org_id: orgIdClaim,
  agent_id: employeeIdClaim,
  capability_scope: capabilityScopeClaim,
});

/** What Agent-Core vouches for when an employee's app client asks for a token. Names as in the access token. */
export type AgentAssertion = {
  readonly client_id: string;
  readonly org_id: string;
  readonly agent_id: string;
  readonly capability_scope: readonly string[];
};

/** Signs an assertion that lives for 60 s. */
export async function signAgentAssertion(key: SigningJwk, claims: AgentAssertion, nowMs = Date.now()): Promise<string> {
  const wire = wireSchema.omit({ iss: true, aud: true, iat: true, exp: true }).parse(claims);
  return signEdDsa(key, KIND, wire, { nowMs, lifetimeSeconds: LIFETIME_SECONDS });
}

export type AgentAssertionVerifier = (assertion: string, callerClientId: string) => Promise<AgentAssertion>;

/**
 * A verifier for the Cognito trigger. The assertion must name the client that is asking: one that was taken from
 * another employee's request is worth nothing. Throws {@link AuthError}.
 */
export function createAgentAssertionVerifier(jwks: PublicJwks): AgentAssertionVerifier {
  const verify = createEdDsaVerifier(jwks, KIND);
  return async (assertion, callerClientId) => {
    const wire = wireSchema.safeParse(await verify(assertion));
    if (!wire.success) throw new AuthError('claims');
    const { iss: _iss, aud: _aud, iat, exp, ...claims } = wire.data;
    if (exp - iat > LIFETIME_SECONDS) throw new AuthError('lifetime');
    if (claims.client_id !== callerClientId) throw new AuthError('client');
    return claims;
  };
}
