import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createMachineVerifier } from '../../platform/auth/machine-verifier.ts';
import { createClientCredentialsSource } from '../../platform/auth/service-token.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import { createAgentCore, type AgentCore } from './agent-core.ts';
import { relayOutbox } from './relay.ts';

let harness: HubHarness;
let server: Server;
let agentCore: AgentCore;
/** What Agent-Core took, and the statuses that it answers with, then 202. */
const taken: { path: string | undefined; bearer: string; body: unknown }[] = [];
const statuses: number[] = [];

beforeAll(async () => {
  harness = await hubHarness();
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = statuses.shift() ?? 202;
      if (status === 202) {
        const bearer = (request.headers.authorization ?? '').replace('Bearer ', '');
        taken.push({ path: request.url, bearer, body: JSON.parse(Buffer.concat(chunks).toString()) });
      }
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const {
    COGNITO_CLIENT_ID: clientId,
    COGNITO_CLIENT_SECRET: clientSecret,
    COGNITO_TOKEN_URL: tokenUrl,
  } = harness.surroundings.issuers.environment.services.connecthub;
  const tokens = createClientCredentialsSource({ clientId, clientSecret, tokenUrl });
  agentCore = createAgentCore({ url: new URL(`http://127.0.0.1:${port}`), tokens });
}, 120_000);
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await harness.close();
});
beforeEach(async () => {
  taken.length = 0;
  await harness.owner.query('truncate hub.outbox');
});

async function addDecision(decisionId: string): Promise<void> {
  await harness.owner.query(`insert into hub.outbox (org_id, kind, payload) values ('org_a', 'receipt_resolved', $1)`, [
    JSON.stringify({ decision_id: decisionId }),
  ]);
}
const relay = (copy = harness.hub) => relayOutbox({ ...copy.parts, agentCore });

it('a decision reaches Agent-Core once, with our own service token', async () => {
  await addDecision('one');
  await relay();
  await relay();
  expect(taken).toMatchObject([{ path: '/internal/decisions', body: { decision_id: 'one' } }]);
  const { machines } = harness.surroundings.issuers.environment;
  const verifier = createMachineVerifier({
    userPoolId: machines.COGNITO_USER_POOL_ID,
    serviceClients: JSON.parse(machines.COGNITO_SERVICE_CLIENTS),
    jwksUrl: machines.COGNITO_JWKS_URL,
  });
  await expect(verifier.verifyService(taken[0]?.bearer ?? '')).resolves.toMatchObject({ service: 'connecthub' });
});

it('news of a connection go to their own address', async () => {
  await harness.owner.query(
    `insert into hub.outbox (org_id, kind, payload) values ('org_a', 'connection_changed', '{"event_id":"one"}')`,
  );
  await relay();
  await relay();
  expect(taken).toMatchObject([{ path: '/internal/connections', body: { event_id: 'one' } }]);
});

it('a decision that Agent-Core did not take waits and is sent again', async () => {
  await addDecision('one');
  statuses.push(503, 500);
  await relay();
  await relay();
  expect(taken).toEqual([]);
  for (let i = 0; i < 2; i += 1) {
    await harness.owner.query(`update hub.outbox set lease_until = now() - interval '1 second'`);
    await relay();
  }
  expect(taken).toHaveLength(1);
  const { rows } = await harness.owner.query('select attempts, sent_at is not null as sent from hub.outbox');
  expect(rows).toEqual([{ attempts: 3, sent: true }]);
});

it('two copies share the work', async () => {
  for (let i = 0; i < 10; i += 1) await addDecision(`decision ${i}`);
  await Promise.all([relay(), relay(await harness.copy())]);
  expect(new Set(taken.map(({ body }) => JSON.stringify(body))).size).toBe(10);
  expect(taken).toHaveLength(10);
});
