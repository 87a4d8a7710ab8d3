import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { assertNotImpersonated, scopeOfPerson } from '../http/scope.ts';
import { addConnection, type AddDeps } from './add.ts';

/** What headers can carry, and long enough that taking it out of every text harms none. */
const secret = z
  .string()
  .min(8)
  .max(8_000)
  .regex(/^[\x21-\x7e]+$/, 'expected a key or token without spaces');
const bodySchema = z.strictObject({
  provider: z.string().max(40),
  account_name: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[^\p{C}]+$/u, 'expected one line')
    .describe('What people call the account'),
  credentials: z.strictObject({ api_key: secret.describe('The API key or bearer token: sealed, never shown again') }),
});
const addedSchema = z.strictObject({ connection_id: z.string(), provider: z.string(), account_name: z.string() });

export function addConnectionRoute(app: App, deps: AddDeps): void {
  app.post(
    '/connections',
    {
      config: { access: { principal: 'person', permission: 'connections.write' } },
      schema: {
        summary: 'Connect an account of a provider that knows keys instead of consent',
        tags: ['connections'],
        body: bodySchema,
        response: { 201: addedSchema },
      },
    },
    async (request, reply) => {
      assertNotImpersonated(personOf(request));
      const { provider, account_name: accountName, credentials } = request.body;
      const wanted = { provider, accountName, secret: credentials.api_key };
      return reply.status(201).send(await addConnection(deps, scopeOfPerson(request), wanted));
    },
  );
}
