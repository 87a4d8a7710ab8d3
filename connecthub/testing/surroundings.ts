import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { startIssuers, type Issuers } from '../../dev/issuers/server.ts';
import { createSandboxClient, type SandboxClient } from '../../dev/sandbox/client.ts';
import { makeClients, providerVariables } from '../../dev/sandbox/environment.ts';
import type { Clients } from '../../dev/sandbox/providers.ts';
import { startSandbox } from '../../dev/sandbox/server.ts';
import { signAgentAssertion } from '../../platform/auth/agent-assertion.ts';
import { createCognitoAgentTokenSource, type AgentTokenSource } from '../../platform/auth/agent-token-source.ts';
import { createCognitoClientRegistry, type EmployeeClient } from '../../platform/auth/cognito-client-registry.ts';
import { parseSigningKey, publicJwks, type SigningJwk } from '../../platform/auth/signing-key.ts';
import { testDatabase, type TestDatabase } from '../../test/database.ts';

/** The real parts around ConnectHub, started in this process: database, issuers, sandbox. */
export interface Surroundings {
  readonly database: TestDatabase;
  readonly issuers: Issuers;
  readonly sandbox: SandboxClient;
  readonly sandboxUrl: string;
  readonly signingKey: SigningJwk;
  /** What `readHubConfig` reads. */
  readonly env: { [variable: string]: string };
  readonly agentTokens: AgentTokenSource;
  createEmployeeClient(employee: { orgId: string; employeeId: string }): Promise<EmployeeClient>;
  personToken(person: { user_id: string; org_id: string; role: string }): Promise<string>;
  close(): Promise<void>;
}

export async function startSurroundings(): Promise<Surroundings> {
  const signingKey = parseSigningKey(JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })));
  const clients = makeClients();
  const dir = await mkdtemp(join(tmpdir(), 'clancy-hub-'));
  const [database, issuers, sandbox] = await Promise.all([
    testDatabase(),
    startIssuers({ dir, assertionJwks: publicJwks(signingKey) }),
    startSandbox({ clients }),
  ]);
  const { admin, machines, services } = issuers.environment;
  const registry = createCognitoClientRegistry({
    region: admin.COGNITO_REGION,
    userPoolId: machines.COGNITO_USER_POOL_ID,
    endpoint: admin.COGNITO_ADMIN_ENDPOINT,
  });
  return {
    database,
    issuers,
    sandbox: createSandboxClient(sandbox.url),
    sandboxUrl: sandbox.url,
    signingKey,
    env: hubEnvironment({ database, issuers, signingKey, clients, sandboxUrl: sandbox.url }),
    agentTokens: createCognitoAgentTokenSource({
      tokenUrl: services.worker.COGNITO_TOKEN_URL,
      signAssertion: (claims) => signAgentAssertion(signingKey, claims),
    }),
    createEmployeeClient: registry.createEmployeeClient,
    personToken: (person) => personToken(issuers.url, person),
    close: async () => {
      registry.close();
      await Promise.all([issuers.close(), sandbox.close()]);
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function hubEnvironment(parts: {
  database: TestDatabase;
  issuers: Issuers;
  signingKey: SigningJwk;
  clients: Clients;
  sandboxUrl: string;
}) {
  const { people, machines, services } = parts.issuers.environment;
  return {
    CLANCY_MODE: 'development',
    ...people,
    ...machines,
    ...services.connecthub,
    DATABASE_URL: parts.database.hubUrl,
    ORG_CONTEXT_KEY: parts.database.orgContextKey.toString('base64'),
    KEY_ENCRYPTION_KEY: `test:${randomBytes(32).toString('base64')}`,
    RUN_TICKET_JWKS: JSON.stringify(publicJwks(parts.signingKey)),
    AGENT_CORE_URL: 'http://127.0.0.1:9',
    PUBLIC_URL: 'http://127.0.0.1:8081',
    ...providerVariables(parts.clients, parts.sandboxUrl),
    ALLOW_LOOPBACK: '1',
  };
}

async function personToken(issuersUrl: string, person: object): Promise<string> {
  const response = await fetch(`${issuersUrl}/people/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(person),
  });
  return z.object({ token: z.string() }).parse(await response.json()).token;
}
