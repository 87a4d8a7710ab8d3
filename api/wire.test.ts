import { Client, Connection } from '@temporalio/client';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { createCoreDatabase } from '../db/client.ts';
import { signRunTicket } from '../platform/auth/run-ticket.ts';
import { parseSigningKey, publicJwks } from '../platform/auth/signing-key.ts';
import { createLogger } from '../platform/logger.ts';
import { createPayloads } from './codec/payloads.ts';
import { readApiConfig } from './config.ts';
import { wireAgentCore, type AgentCore } from './wire.ts';

const newKey = () => JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
const before = parseSigningKey(newKey());
const environment = {
  CLANCY_MODE: 'development',
  DATABASE_URL: 'postgres://core_runtime@127.0.0.1:1/clancy',
  ORG_CONTEXT_KEY: randomBytes(32).toString('base64'),
  KEY_ENCRYPTION_KEY: `test:${randomBytes(32).toString('base64')}`,
  SIGNING_KEY: newKey(),
  CONNECTHUB_URL: 'http://127.0.0.1:1',
  BLOBS: 'folder:/var/lib/clancy/blobs',
  CLERK_ISSUER: 'http://127.0.0.1:1',
  CLERK_AUDIENCE: 'clancy',
  CLERK_SECRET_KEY: 'secret',
  COGNITO_REGION: 'eu-west-1',
  COGNITO_USER_POOL_ID: 'eu-west-1_test00000',
  COGNITO_TOKEN_URL: 'http://127.0.0.1:1/oauth2/token',
  COGNITO_SERVICE_CLIENTS: JSON.stringify({ agent_core: 'a', connecthub: 'b', worker: 'c' }),
};

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
});

/** Agent-Core with parts that nothing is asked of. */
function wire(extra: { [variable: string]: string }): AgentCore {
  const config = readApiConfig({ ...environment, ...extra });
  const logger = createLogger({ name: 'test', level: 'silent' });
  const db = createCoreDatabase({ url: config.DATABASE_URL, orgContextKey: config.ORG_CONTEXT_KEY, logger });
  const connection = Connection.lazy({ address: '127.0.0.1:1' });
  const temporal = { connection, client: new Client({ connection }), namespace: 'default' };
  const payloads = createPayloads(config, db, 'default');
  const core = wireAgentCore({ config, logger, db, temporal, payloads, waivers: [], version: 'test' });
  closing.push(async () => {
    core.close();
    await Promise.all([connection.close(), db.close()]);
  });
  return core;
}

test('a ticket outlives the key it was signed with for as long as that key is named', async () => {
  const ticket = await signRunTicket(before, {
    orgId: 'org_a',
    employeeId: '0123456789abcdefghjkmnpqrs',
    employeeVersion: 1,
    runId: 'emp:0123456789abcdefghjkmnpqrs_v1:2026-11-23T10:00:00.000Z',
    callScope: 'emp:0123456789abcdefghjkmnpqrs_v1:2026-11-23T10:00:00.000Z',
    planHash: 'hash',
    capabilities: [],
    initiator: { type: 'person', id: 'user_a' },
    mode: 'live',
  });
  const named = wire({ PREVIOUS_TICKET_JWKS: JSON.stringify(publicJwks(before)) });
  await expect(named.verifyTicket(ticket)).resolves.toMatchObject({ orgId: 'org_a' });
  await expect(wire({}).verifyTicket(ticket)).rejects.toMatchObject({ name: 'AuthError' });
});
