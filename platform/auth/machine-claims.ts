import { z } from 'zod';
import { AuthError } from './auth-error.ts';
import { capabilityScopeClaim, clientIdClaim, employeeIdClaim, numericDate, orgIdClaim } from './claims.ts';

/**
 * A client-credentials access token of Cognito. Scopes and other claims may stand beside these.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
const accessClaims = {
  sub: clientIdClaim,
  client_id: clientIdClaim,
  iat: numericDate,
  exp: numericDate,
};

const AGENT_CLAIMS = ['org_id', 'agent_id', 'capability_scope'] as const;

const serviceSchema = z.looseObject(accessClaims);
const agentSchema = z.looseObject({
  ...accessClaims,
  org_id: orgIdClaim,
  agent_id: employeeIdClaim,
  capability_scope: capabilityScopeClaim,
});

export type ServiceClaims = z.infer<typeof serviceSchema>;
export type AgentClaims = z.infer<typeof agentSchema>;

/** A day is Cognito's longest; ours live an hour at most. */
export type MachineTokenLimits = { readonly maxLifetimeSeconds: number; readonly clockSkewSeconds: number };

/** Claims of one of our services: an access token that names no employee. Throws {@link AuthError}. */
export function readServiceClaims(payload: unknown, limits: MachineTokenLimits): ServiceClaims {
  const claims = read(serviceSchema, payload, limits);
  if (AGENT_CLAIMS.some((name) => claims[name] !== undefined)) throw new AuthError('claims');
  return claims;
}

/** Claims of an employee, as our trigger wrote them. Throws {@link AuthError}. */
export function readAgentClaims(payload: unknown, limits: MachineTokenLimits): AgentClaims {
  return read(agentSchema, payload, limits);
}

function read<Claims extends ServiceClaims>(
  schema: z.ZodType<Claims>,
  payload: unknown,
  { maxLifetimeSeconds, clockSkewSeconds }: MachineTokenLimits,
): Claims {
  const parsed = schema.safeParse(payload);
  // A token of a person signed in to the pool has another `sub` than its client.
  if (!parsed.success || parsed.data.sub !== parsed.data.client_id) throw new AuthError('claims');
  const { iat, exp } = parsed.data;
  if (exp <= iat || exp - iat > maxLifetimeSeconds) throw new AuthError('lifetime');
  // The library does not look at `iat`.
  if (iat > Date.now() / 1000 + clockSkewSeconds) throw new AuthError('not_yet_valid');
  return parsed.data;
}
