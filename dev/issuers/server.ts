import formbody from '@fastify/formbody';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { createAgentAssertionVerifier } from '../../platform/auth/agent-assertion.ts';
import { createPreTokenTrigger } from '../../platform/auth/pre-token-trigger.ts';
import type { PublicJwks } from '../../platform/auth/signing-key.ts';
import { issuersEnvironment } from './environment.ts';
import type { IssuersEnvironment } from './environment.ts';
import { registerAdminApi } from './machines/admin-api.ts';
import { loadAppClients } from './machines/app-clients.ts';
import { registerTokenEndpoint } from './machines/token-endpoint.ts';
import { registerPeople } from './people.ts';
import { loadRsaKey } from './rsa-key.ts';
import { loadSignInClient } from './sign-in/client.ts';
import { registerSignIn } from './sign-in/routes.ts';
import { openStateFolder } from './state-folder.ts';

export type IssuersOptions = {
  /** Keys and app clients live here, so that a restart changes nothing. */
  readonly dir: string;
  /** Agent-Core's public keys: what the pre-token trigger verifies assertions with. */
  readonly assertionJwks: PublicJwks;
  /** 0 takes a free port. */
  readonly port?: number;
  /** A loopback address; any other is refused. */
  readonly host?: string;
  readonly userPoolId?: string;
  readonly audience?: string;
};

export type Issuers = {
  readonly url: string;
  /** What the other processes need to trust and use these issuers. */
  readonly environment: IssuersEnvironment;
  readonly close: () => Promise<void>;
};

export const LOCAL_USER_POOL_ID = 'eu-central-1_LocalPool1';
export const LOCAL_AUDIENCE = 'clancy';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Starts the local issuers: people as Clerk, machines as one Cognito user pool. The production verifiers accept their
 * tokens; nothing else about them is meant for production. Whoever reaches the port can be anybody: loopback only.
 */
export async function startIssuers(options: IssuersOptions): Promise<Issuers> {
  const { port = 0, host = '127.0.0.1', userPoolId = LOCAL_USER_POOL_ID, audience = LOCAL_AUDIENCE, dir } = options;
  if (!LOOPBACK.has(host)) throw new Error(`the issuers listen on loopback only, not on ${host}`);
  const folder = await openStateFolder(dir);
  const peopleKey = await loadRsaKey(folder, 'people-key.json', 'ins_local');
  const poolKey = await loadRsaKey(folder, 'pool-key.json', 'local-pool-1');
  const clients = await loadAppClients(folder);
  const preTokenTrigger = createPreTokenTrigger({
    verifyAssertion: createAgentAssertionVerifier(options.assertionJwks),
    serviceClientIds: new Set(clients.list().flatMap((client) => (client.service ? [client.clientId] : []))),
  });

  const app = Fastify({ forceCloseConnections: true });
  await app.register(formbody);
  refuseForeignHosts(app);
  let url = '';
  const people = { key: peopleKey, issuer: () => url, audience };
  registerPeople(app, people);
  registerSignIn(app, people, await loadSignInClient(folder));
  registerTokenEndpoint(app, { id: userPoolId, key: poolKey, clients, preTokenTrigger });
  registerAdminApi(app, { id: userPoolId, key: poolKey, clients, preTokenTrigger });
  app.get(`/${userPoolId}/.well-known/jwks.json`, async () => ({ keys: [poolKey.publicJwk] }));
  url = await app.listen({ port, host });
  return { url, environment: await issuersEnvironment({ url, dir, userPoolId, audience }), close: () => app.close() };
}

/** A page in a browser can point a name of its own at 127.0.0.1 (DNS rebinding); its requests still carry that name. */
function refuseForeignHosts(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!LOOPBACK.has(request.hostname.replace(/^\[(.*)\]$/, '$1')))
      return reply.code(421).send({ error: 'misdirected_request' });
    return undefined;
  });
}
