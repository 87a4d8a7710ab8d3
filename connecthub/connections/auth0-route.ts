import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { assertNotImpersonated, scopeOfPerson } from '../http/scope.ts';
import { connectAuth0, type Auth0ConnectDeps } from './connect-auth0.ts';

const bodySchema = z.strictObject({
  provider: z.string().max(40),
  connection: z
    .string()
    .regex(/^[\w-]{1,128}$/, 'expected the name of a connection at Auth0, such as google-oauth2')
    .describe('Name of the connection at Auth0'),
  refresh_token: z
    .string()
    .min(8)
    .max(4_000)
    .regex(/^[\x21-\x7e]+$/, 'expected a refresh token')
    .describe("Auth0's refresh token of the user whose account it is: sealed, never shown again"),
});
const connectedSchema = z.strictObject({
  connection_id: z.string(),
  provider: z.string(),
  account_name: z.string(),
  scopes: z.array(z.string()),
});

export function auth0ConnectionRoute(app: App, deps: Auth0ConnectDeps): void {
  app.post(
    '/connections/auth0',
    {
      config: { access: { principal: 'person', permission: 'connections.write' } },
      schema: {
        summary: "Connect an account whose tokens Auth0's Token Vault holds",
        tags: ['connections'],
        body: bodySchema,
        response: { 201: connectedSchema },
      },
    },
    async (request, reply) => {
      assertNotImpersonated(personOf(request));
      const { provider, connection, refresh_token: refreshToken } = request.body;
      return reply.status(201).send(await connectAuth0(deps, scopeOfPerson(request), { provider, connection, refreshToken }));
    },
  );
}
