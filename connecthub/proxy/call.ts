import { callScopeOf, parseCallId, parseRunId, parseSkillRunId, qualifyCapability } from '../../contracts/ids.ts';
import { ClancyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { OrgScope } from '../../db/client.ts';
import type { AgentPrincipal } from '../../platform/auth/principal.ts';
import type { RunTicket } from '../../platform/auth/run-ticket.ts';
import { callDigest } from '../../contracts/digest.ts';
import { blobHashesIn } from '../../contracts/files.ts';
import { assertWithinHorizon } from '../limits/horizon.ts';
import { tokenKindOf } from '../providers/definition.ts';
import type { Capability, Registry } from '../providers/registry.ts';
import { tokenRowOf } from '../tokens/token-kind.ts';

/** A request to use a capability whose ids agree. Nothing about its rights is known yet. */
export interface Call {
  orgId: string;
  callId: string;
  /** What the ledger knows the call by: the call id, or for a changed read `{call id}~{digest8}`. */
  key: string;
  agent: AgentPrincipal;
  ticket: RunTicket;
  /** Qualified, as asked for; `capability` is absent where the catalogue has none of that name. */
  qualified: string;
  capability: Capability | undefined;
  connectionId: string;
  parameters: JsonObject;
  /** Address of the caller. */
  source: string;
}

export interface RawCall {
  agent: AgentPrincipal;
  ticket: string | undefined;
  callId: string | undefined;
  provider: string;
  capability: string;
  connectionId: string;
  parameters: JsonObject;
  source: string;
}

export interface IdentifyDeps {
  registry: Registry;
  verifyTicket: (ticket: string) => Promise<RunTicket>;
  clock: () => Date;
}

/**
 * Step 0 of a call: who asks, and whether token, ticket, call id, run, employee and organisation are of one piece.
 *
 * @throws ClancyError `idempotency_key_required`, `invalid_request`, `ticket_invalid`, `ids_disagree`, `call_id_expired`, `capability_unknown`
 */
export async function identifyCall(deps: IdentifyDeps, raw: RawCall): Promise<Call> {
  if (raw.callId === undefined || raw.callId === '') {
    throw new ClancyError('idempotency_key_required', 'The header Idempotency-Key must hold the call id.');
  }
  const ticket = await verify(deps, raw.ticket);
  assertAgreement(raw.agent, ticket, raw.callId);
  assertWithinHorizon(ticket.callScope, deps.clock());
  const qualified = qualify(raw);
  return {
    orgId: raw.agent.orgId,
    callId: raw.callId,
    key: raw.callId,
    agent: raw.agent,
    ticket,
    qualified,
    capability: await deps.registry.of(raw.agent.orgId).capability(qualified),
    connectionId: raw.connectionId,
    parameters: raw.parameters,
    source: raw.source,
  };
}

/** The row that holds the token which the call goes out with. */
export function tokenRowOfCall({ connectionId, capability }: Pick<Call, 'connectionId' | 'capability'>): string {
  return tokenRowOf(connectionId, capability && tokenKindOf(capability.definition));
}

/** On whose behalf the transactions of a call run. */
export function scopeOf(call: Call): OrgScope {
  return { orgId: call.orgId, actor: { type: 'agent', id: call.agent.employeeId }, source: call.source };
}

/** The call's digest under a version of its capability: a stored call is compared under the version it ran with. */
export function digestOf(call: Call, capabilityVersion: number): string {
  return callDigest({
    orgId: call.orgId,
    callId: call.callId,
    employeeVersion: call.ticket.employeeVersion,
    capability: call.qualified,
    capabilityVersion,
    connectionId: call.connectionId,
    parameters: call.parameters,
    blobHashes: blobHashesIn(call.parameters),
  });
}

async function verify(deps: IdentifyDeps, ticket: string | undefined): Promise<RunTicket> {
  try {
    return await deps.verifyTicket(ticket ?? '');
  } catch (error) {
    if (error instanceof ClancyError && error.code !== 'unauthenticated') throw error;
    throw new ClancyError('ticket_invalid', 'The header Clancy-Run-Ticket must hold the ticket of the run.', { cause: error });
  }
}

function qualify({ provider, capability }: RawCall): string {
  try {
    return qualifyCapability(provider, capability);
  } catch {
    throw new ClancyError('capability_unknown', 'There is no such capability.', { next: 'See GET /capabilities.' });
  }
}

function assertAgreement(agent: AgentPrincipal, ticket: RunTicket, callId: string): void {
  const call = parseCallId(callId);
  if (!call) throw new ClancyError('invalid_request', 'The header Idempotency-Key holds no call id.');
  const run = parseRunId(ticket.runId);
  const agreements: [string, boolean][] = [
    ['organisation of token and ticket', agent.orgId === ticket.orgId],
    ['employee of token and ticket', agent.employeeId === ticket.employeeId],
    ['run and employee of the ticket', run?.employee === ticket.employeeId && run.version === ticket.employeeVersion],
    ['run and call scope of the ticket', run !== undefined && callScopeOf(ticket.runId) === ticket.callScope],
    ['call id and call scope', parseSkillRunId(call.skillRun)?.run === ticket.callScope],
  ];
  const broken = agreements.find(([, holds]) => !holds);
  if (broken) throw new ClancyError('ids_disagree', `These do not belong together: ${broken[0]}.`);
}
