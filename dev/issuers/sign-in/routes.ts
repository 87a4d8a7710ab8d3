import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { mintIdToken, mintPersonToken, personSchema, type Person, type PeopleIssuer } from '../people.ts';
import { isCallback, isClient, type SignInClient } from './client.ts';
import { createCodes } from './codes.ts';
import { signInPage } from './page.ts';

const requestSchema = z.object({
  response_type: z.literal('code'),
  client_id: z.string(),
  redirect_uri: z.string().max(500).refine(isCallback, 'the callback of a Web UI on this machine'),
  state: z.string().max(500),
  nonce: z.string().max(2000).optional(),
  scope: z.string().max(500).optional(),
});

const exchangeSchema = z.object({ grant_type: z.literal('authorization_code'), code: z.string(), redirect_uri: z.string() });

/**
 * OpenID Connect's code flow for people, as much of it as Temporal's Web UI uses: https://openid.net/specs/openid-connect-core-1_0.html
 * The access token is a person's token as Agent-Core takes it. Whoever reaches the page signs in as whom they please.
 */
export function registerSignIn(app: FastifyInstance, people: PeopleIssuer, client: SignInClient): void {
  const codes = createCodes<Person>(Date.now);

  app.get('/.well-known/openid-configuration', async () => ({
    issuer: people.issuer(),
    authorization_endpoint: `${people.issuer()}/people/sign-in`,
    token_endpoint: `${people.issuer()}/people/oauth/token`,
    jwks_uri: `${people.issuer()}/people/jwks.json`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
  }));
  app.get('/people/jwks.json', async () => ({ keys: [people.key.publicJwk] }));

  app.get('/people/sign-in', async (asked, reply) => {
    const request = requestSchema.safeParse(asked.query);
    if (!request.success || request.data.client_id !== client.clientId) return reply.code(400).send({ error: 'invalid_request' });
    return reply.type('text/html').header('content-security-policy', "frame-ancestors 'none'").send(signInPage(request.data));
  });

  app.post('/people/sign-in', async (asked, reply) => {
    const request = requestSchema.safeParse(asked.body);
    const person = personSchema.safeParse(asked.body);
    if (!request.success || !person.success || request.data.client_id !== client.clientId)
      return reply.code(400).send({ error: 'invalid_request' });
    const { redirect_uri: redirectUri, state, nonce } = request.data;
    const back = new URL(redirectUri);
    back.searchParams.set('code', codes.issue({ person: person.data, redirectUri, nonce }));
    back.searchParams.set('state', state);
    return reply.redirect(back.href, 303);
  });

  app.post('/people/oauth/token', async (asked, reply) => {
    if (!isClient(client, asked.headers.authorization)) return reply.code(401).send({ error: 'invalid_client' });
    const form = exchangeSchema.safeParse(asked.body);
    if (!form.success) return reply.code(400).send({ error: 'invalid_request' });
    const grant = codes.take(form.data.code);
    if (!grant || grant.redirectUri !== form.data.redirect_uri) return reply.code(400).send({ error: 'invalid_grant' });
    const { token, expires_in } = await mintPersonToken(people, { ...grant.person, layout: 'template' }, Date.now());
    const idToken = await mintIdToken(people, grant.person, { audience: client.clientId, nonce: grant.nonce, nowMs: Date.now() });
    reply.header('cache-control', 'no-store');
    return { access_token: token, token_type: 'Bearer', expires_in, id_token: idToken };
  });
}
