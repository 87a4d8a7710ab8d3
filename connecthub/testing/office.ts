import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { makeCallId, makeEmployeeId, makeRunId, makeSkillRunId } from '../../contracts/ids.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { PolicyRule } from '../../contracts/policy.ts';
import type { Role } from '../../platform/auth/permissions.ts';
import { signRunTicket, type RunTicketClaims } from '../../platform/auth/run-ticket.ts';
import { testOrgId } from '../../test/database.ts';
import { createBrowser, toAnswer, type Answer } from './browser.ts';
import type { HubCopy } from './hub-copy.ts';
import type { ProviderId } from '../../dev/sandbox/providers.ts';
import type { SlackEffect } from '../../dev/sandbox/slack/wire.ts';
import { insertApproval, insertMember, insertRights, readRefusals } from './rows.ts';
import type { Surroundings } from './surroundings.ts';

export interface OfficeOptions {
  /** Slack when absent. */
  provider?: ProviderId;
  /** Qualified; all of the provider's when absent. */
  capabilities?: string[];
  /** Allows everything when absent. */
  rules?: PolicyRule[];
  initiatorRole?: Role;
  /** Scopes that the person at the consent page unticks. */
  untick?: readonly string[];
}

export interface CallOptions {
  callId?: string;
  hub?: HubCopy;
  /** Null sends none. */
  ticket?: string | null;
  token?: string;
  connectionId?: string;
}

/** One organisation at work. Every suite mints its own. */
export interface Office {
  readonly orgId: string;
  /** Started the run. */
  readonly initiator: string;
  readonly employeeId: string;
  readonly runId: string;
  /** The account at the provider: Slack team, QuickBooks realm, mailbox. */
  readonly team: string;
  readonly connectionId: string;
  readonly ticket: string;
  readonly agentToken: string;
  readonly ticketClaims: RunTicketClaims;
  /** A fresh call id of the run. */
  callId(): string;
  /** Walks the consent again; gives the connection's id. */
  connect(): Promise<string>;
  /** Posts that the workspace has seen through the API. */
  posts(): Promise<SlackEffect[]>;
  /** The audit rows of refused calls: their codes. */
  refusals(callId: string): Promise<string[]>;
  call(capability: string, parameters: JsonObject, options?: CallOptions): Promise<Answer>;
  /** A request of a person of this organisation, who is made a member. */
  asPerson(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    options?: { userId?: string; role?: Role; body?: object; headers?: { [name: string]: string } },
  ): Promise<Answer>;
  sign(changes: Partial<RunTicketClaims>): Promise<string>;
  agentTokenFor(capabilityScope: string[]): Promise<string>;
  addMember(userId: string, role: Role): Promise<void>;
  /** An approved approval for a refused call, as Agent-Core would write it. */
  approve(ask: Record<string, unknown>, callId: string, changes?: { status?: string; expired?: boolean }): Promise<string>;
}

const allowAll = (provider: ProviderId): PolicyRule[] => [
  {
    capability: `${provider}/*`,
    effect: 'allow',
    approvers: [],
    timeout_seconds: 60,
    on_timeout: 'reject',
    reason: 'The test says so.',
  },
];

export const ALLOW_ALL = allowAll('slack');

const capabilitiesOf = ({ parts: { registry } }: HubCopy, id: ProviderId): string[] => {
  const provider = registry.provider(id);
  return provider ? registry.capabilitiesOf(provider).map(({ qualified }) => qualified) : [];
};

interface World {
  hub: HubCopy;
  surroundings: Surroundings;
  owner: pg.Client;
}

export async function createOffice(world: World, options: OfficeOptions = {}): Promise<Office> {
  const { surroundings, hub, owner } = world;
  const { provider = 'slack', initiatorRole = 'operator', untick = [] } = options;
  const { capabilities = capabilitiesOf(hub, provider), rules = allowAll(provider) } = options;
  const orgId = testOrgId();
  const initiator = `user_${randomBytes(8).toString('hex')}`;
  const employeeId = makeEmployeeId(randomBytes(16));
  const runId = makeRunId({ employee: employeeId, version: 1, at: new Date().toISOString() });
  const team = await surroundings.sandbox.createAccount(provider);
  const addMember = (userId: string, role: Role) => insertMember(owner, orgId, userId, role);
  await addMember(initiator, initiatorRole);

  const asPerson: Office['asPerson'] = async (
    method,
    url,
    { userId = `user_${orgId.slice(4, 12)}`, role = 'admin', body, headers } = {},
  ) => {
    await addMember(userId, role);
    const token = await surroundings.personToken({ user_id: userId, org_id: orgId, role });
    return toAnswer(
      await hub.app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(body && { payload: body }),
      }),
    );
  };
  const connect = async () => {
    const launch = await asPerson('GET', `/oauth/launch/${provider}`);
    const connected = await createBrowser(hub.app, surroundings.sandbox).consent(String(launch.json['url']), { team, untick });
    return String(connected.json['connection_id']);
  };
  const connectionId = await connect();

  const claims: RunTicketClaims = {
    orgId,
    employeeId,
    employeeVersion: 1,
    runId,
    callScope: runId,
    planHash: 'a'.repeat(64),
    capabilities,
    initiator: { type: 'person', id: initiator },
    mode: 'live',
  };
  await insertRights(owner, { claims, connectionId, rules });
  const client = await surroundings.createEmployeeClient({ orgId, employeeId });
  const agentTokenFor = async (capabilityScope: string[]) =>
    (await surroundings.agentTokens.agentToken({ ...client, orgId, employeeId, capabilityScope })).accessToken;
  const sign = (changes: Partial<RunTicketClaims>) => signRunTicket(surroundings.signingKey, { ...claims, ...changes });
  const [ticket, agentToken] = await Promise.all([sign({}), agentTokenFor(capabilities)]);

  let n = 0;
  const callId = () => makeCallId({ skillRun: makeSkillRunId({ run: runId, node: 'digest', visit: 1 }), items: [], n: (n += 1) });
  return {
    orgId,
    initiator,
    employeeId,
    runId,
    team,
    connectionId,
    ticket,
    agentToken,
    ticketClaims: claims,
    callId,
    connect,
    posts: async () => (await surroundings.sandbox.effects(team)).filter(({ method }) => method === 'chat.postMessage'),
    refusals: (refused) => readRefusals(owner, orgId, refused),
    asPerson,
    addMember,
    sign,
    agentTokenFor,
    call: async (capability, parameters, call = {}) => {
      const headers = {
        authorization: `Bearer ${call.token ?? agentToken}`,
        'idempotency-key': call.callId ?? callId(),
        ...(call.ticket !== null && { 'clancy-run-ticket': call.ticket ?? ticket }),
      };
      const payload = { connection_id: call.connectionId ?? connectionId, parameters };
      const { app } = call.hub ?? hub;
      return toAnswer(await app.inject({ method: 'POST', url: `/proxy/${provider}/${capability}`, headers, payload }));
    },
    approve: (ask, approvedCall, changes) => insertApproval(owner, { claims, ask, callId: approvedCall, ...changes }),
  };
}
