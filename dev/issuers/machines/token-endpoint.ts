import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { AuthError } from '../../../platform/auth/auth-error.ts';
import { hasSecret } from './app-clients.ts';
import type { AppClient, AppClients } from './app-clients.ts';
import { mintAccessToken, preTokenEvent } from './pool.ts';
import type { UserPool } from './pool.ts';

const formSchema = z.strictObject({
  grant_type: z.string(),
  scope: z.string().optional(),
  aws_client_metadata: z.string().max(131_072).optional(),
});

/** Answers of RFC 6749, section 5.2, in Cognito's manner: always 400. */
class OAuthError extends Error {
  readonly body: { error: string; error_description?: string };

  constructor(error: string, description?: string) {
    super(error);
    this.body = { error, ...(description !== undefined && { error_description: description }) };
  }
}

/** `POST /oauth2/token`: https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html */
export function registerTokenEndpoint(app: FastifyInstance, pool: UserPool): void {
  app.post('/oauth2/token', async (request, reply) => {
    try {
      if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')) {
        throw new OAuthError('invalid_request');
      }
      const client = authenticate(pool.clients, request.headers.authorization);
      return await issue(pool, client, request.body);
    } catch (error) {
      if (error instanceof OAuthError) return reply.code(400).send(error.body);
      throw error;
    }
  });
}

async function issue(pool: UserPool, client: AppClient, body: unknown) {
  const form = formSchema.safeParse(body);
  if (!form.success) throw new OAuthError('invalid_request');
  if (form.data.grant_type !== 'client_credentials') throw new OAuthError('unsupported_grant_type');
  const scopes = form.data.scope === undefined ? client.scopes : form.data.scope.split(' ');
  if (!scopes.every((scope) => client.scopes.includes(scope))) throw new OAuthError('invalid_scope');
  const added = await runTrigger(pool, client, scopes, readMetadata(form.data.aws_client_metadata));
  return {
    access_token: await mintAccessToken(pool, client, scopes, added, Date.now()),
    expires_in: client.accessTokenSeconds,
    token_type: 'Bearer',
  };
}

async function runTrigger(pool: UserPool, client: AppClient, scopes: string[], metadata: Record<string, string>) {
  try {
    const { response } = await pool.preTokenTrigger(preTokenEvent(pool, client, scopes, metadata));
    return response.claimsAndScopeOverrideDetails?.accessTokenGeneration.claimsToAddOrOverride ?? {};
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    throw new OAuthError('invalid_request', `PreTokenGeneration failed with error ${error.reason}.`);
  }
}

/** RFC 6749, section 2.3.1. */
function authenticate(clients: AppClients, header: string | undefined): AppClient {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '')?.[1] ?? '';
  const [clientId = '', secret = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const client = clients.find(clientId);
  if (client === undefined || rest.length > 0 || !hasSecret(client, secret)) throw new OAuthError('invalid_client');
  return client;
}

function readMetadata(text: string | undefined): Record<string, string> {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(text ?? '{}'));
  } catch {
    throw new OAuthError('invalid_request');
  }
}
