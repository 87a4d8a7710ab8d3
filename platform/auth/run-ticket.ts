import { z } from 'zod';
import { AuthError } from './auth-error.ts';
import { capabilityScopeClaim, employeeIdClaim, numericDate, orgIdClaim } from './claims.ts';
import { createEdDsaVerifier, signEdDsa } from './eddsa-token.ts';
import type { PublicJwks, SigningJwk } from './signing-key.ts';

const KIND = { typ: 'run-ticket+jwt', issuer: 'agent-core', audience: 'clancy-run' } as const;

/** As long as a run may last. */
export const RUN_TICKET_LIFETIME_SECONDS = 90 * 24 * 60 * 60;

/** The claims as they travel. Unknown ones are refused: a ticket of a later version is not half understood. */
const wireSchema = z.strictObject({
  iss: z.literal(KIND.issuer),
  aud: z.literal(KIND.audience),
  iat: numericDate,
  exp: numericDate,
  org_id: orgIdClaim,
  employee_id: employeeIdClaim,
  employee_version: z.int().positive(),
  run_id: z.string().min(1).max(200),
  call_scope: z.string().min(1).max(200),
  plan_hash: z.string().min(1).max(200),
  capabilities: capabilityScopeClaim,
  initiator: z.strictObject({
    type: z.enum(['person', 'schedule', 'event']),
    id: z.string().min(1).max(200),
  }),
  mode: z.enum(['live', 'rehearsal']),
});

type Wire = z.infer<typeof wireSchema>;

/** What Agent-Core says about one run: the limits of whoever holds the ticket and a worker's token. */
export type RunTicketClaims = {
  readonly orgId: string;
  readonly employeeId: string;
  readonly employeeVersion: number;
  readonly runId: string;
  /** The first run of a chain of retries. */
  readonly callScope: string;
  readonly planHash: string;
  /** Qualified capabilities of the employee version. */
  readonly capabilities: readonly string[];
  readonly initiator: Wire['initiator'];
  readonly mode: Wire['mode'];
};

/** A verified ticket. */
export type RunTicket = RunTicketClaims & { readonly issuedAtMs: number; readonly expiresAtMs: number };

/**
 * Signs a run's ticket. Claims that its verifier would refuse are refused here, before they reach a workflow.
 * @throws ZodError for such claims.
 */
export async function signRunTicket(
  key: SigningJwk,
  claims: RunTicketClaims,
  time: { nowMs?: number; lifetimeSeconds?: number } = {},
): Promise<string> {
  const { nowMs = Date.now(), lifetimeSeconds = RUN_TICKET_LIFETIME_SECONDS } = time;
  const wire = wireSchema.omit({ iss: true, aud: true, iat: true, exp: true }).parse(toWire(claims));
  return signEdDsa(key, KIND, wire, { nowMs, lifetimeSeconds });
}

/** A verifier of tickets against Agent-Core's public keys, old ones included. Throws {@link AuthError}. */
export function createRunTicketVerifier(jwks: PublicJwks): (ticket: string) => Promise<RunTicket> {
  const verify = createEdDsaVerifier(jwks, KIND);
  return async (ticket) => {
    const wire = wireSchema.safeParse(await verify(ticket));
    if (!wire.success) throw new AuthError('claims');
    return fromWire(wire.data);
  };
}

function toWire(claims: RunTicketClaims) {
  return {
    org_id: claims.orgId,
    employee_id: claims.employeeId,
    employee_version: claims.employeeVersion,
    run_id: claims.runId,
    call_scope: claims.callScope,
    plan_hash: claims.planHash,
    capabilities: claims.capabilities,
    initiator: claims.initiator,
    mode: claims.mode,
  };
}

function fromWire(wire: Wire): RunTicket {
  return {
    orgId: wire.org_id,
    employeeId: wire.employee_id,
    employeeVersion: wire.employee_version,
    runId: wire.run_id,
    callScope: wire.call_scope,
    planHash: wire.plan_hash,
    capabilities: wire.capabilities,
    initiator: wire.initiator,
    mode: wire.mode,
    issuedAtMs: wire.iat * 1000,
    expiresAtMs: wire.exp * 1000,
  };
}
