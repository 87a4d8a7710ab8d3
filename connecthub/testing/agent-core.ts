import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webhookTriggerSchema, type WebhookTrigger } from '../../contracts/trigger.ts';
import { createMachineVerifier } from '../../platform/auth/machine-verifier.ts';
import { createClientCredentialsSource } from '../../platform/auth/service-token.ts';
import { createAgentCore, type AgentCore } from '../jobs/agent-core.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Stands for `POST /v1/triggers`: takes what the contract and our own service token allow, each trigger id once, and fails
 * loudly at everything else.
 */
export interface StandInAgentCore {
  /** ConnectHub's way to it. */
  readonly client: AgentCore;
  /** Each trigger that had an effect, in order. */
  readonly taken: WebhookTrigger[];
  /** Ids in the order in which they arrived, repetitions and refused ones included. */
  readonly arrived: string[];
  /** @throws Error where something came that never may */
  assertNothingWrong(): void;
  /** Statuses of the next answers; then 202. */
  readonly statuses: number[];
  /** Refuses these triggers for what they are. */
  refuse: (trigger: WebhookTrigger) => boolean;
  /** Waited for after a trigger had its effect and before its answer. */
  beforeAnswer: () => Promise<void>;
  /** Of a trigger's organisation. */
  of(orgId: string): WebhookTrigger[];
  readonly url: string;
  close(): Promise<void>;
}

export async function startAgentCore({ issuers }: Surroundings): Promise<StandInAgentCore> {
  const { machines, services } = issuers.environment;
  const verifier = createMachineVerifier({
    userPoolId: machines.COGNITO_USER_POOL_ID,
    serviceClients: JSON.parse(machines.COGNITO_SERVICE_CLIENTS),
    jwksUrl: machines.COGNITO_JWKS_URL,
  });
  const known = new Set<string>();
  const wrong: string[] = [];
  const server = createServer((request, response) => {
    void answer(request).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        return response.end(status === 204 ? undefined : JSON.stringify(body));
      },
      (error: unknown) => {
        wrong.push(String(error));
        return response.writeHead(500).end();
      },
    );
  });

  async function answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    // News of connections, which are others' matter.
    if (request.url === '/internal/connections') return { status: 204, body: {} };
    if (request.url !== '/v1/triggers') throw new Error(`${request.method} ${request.url}`);
    const bearer = (request.headers.authorization ?? '').replace('Bearer ', '');
    const { service } = await verifier.verifyService(bearer);
    if (service !== 'connecthub') throw new Error(`a trigger of ${service}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const trigger = webhookTriggerSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
    standIn.arrived.push(trigger.trigger_id);
    const status = standIn.statuses.shift() ?? (standIn.refuse(trigger) ? 422 : 202);
    if (status !== 202) return { status, body: {} };
    const isNew = !known.has(trigger.trigger_id);
    known.add(trigger.trigger_id);
    if (isNew) standIn.taken.push(trigger);
    await standIn.beforeAnswer();
    return { status, body: { trigger_id: trigger.trigger_id, decision: isNew ? 'unmatched' : 'duplicate', runs: [] } };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { COGNITO_CLIENT_ID: clientId, COGNITO_CLIENT_SECRET: clientSecret, COGNITO_TOKEN_URL: tokenUrl } = services.connecthub;
  const standIn: StandInAgentCore = {
    client: createAgentCore({ url: new URL(url), tokens: createClientCredentialsSource({ clientId, clientSecret, tokenUrl }) }),
    taken: [],
    arrived: [],
    assertNothingWrong: () => {
      if (wrong.length > 0) throw new Error(wrong.splice(0).join('\n'));
    },
    statuses: [],
    refuse: () => false,
    beforeAnswer: async () => undefined,
    of: (orgId) => standIn.taken.filter(({ org_id }) => org_id === orgId),
    url,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return standIn;
}
