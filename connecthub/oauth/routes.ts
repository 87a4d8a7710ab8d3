import cookie from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import { authorise, type Verifiers } from '../../platform/http/access.ts';
import { toClancyError } from '../../platform/http/errors.ts';
import { statusOf } from '../../platform/http/problems.ts';
import type { App } from '../../platform/http/server.ts';
import { assertNotImpersonated, scopeOf } from '../http/scope.ts';
import { asksForConsent, type ConsentProvider, type Registry } from '../providers/registry.ts';
import { authorizeUrl } from './authorize-url.ts';
import { finishFlow, type FinishDeps } from './finish.ts';
import { launch } from './launch.ts';
import { sendPage, wantsPage, withoutTraces } from './page.ts';
import { hashOf, isRandomText, randomText } from './secrets.ts';
import { beginFlow, STATE_SECONDS } from './states.ts';

export interface OAuthDeps extends FinishDeps {
  verifiers: Verifiers;
  registry: Registry;
  /** Where people may be led when all is done. */
  returnTo: readonly string[];
}

const COOKIE = 'clancy_oauth';
const providerParams = z.strictObject({ provider: z.string().max(40) });
const launchSchema = z.strictObject({ url: z.url() });
const text = z.string().max(4_000);
/** A browser comes with `code`, a person's program with what the account is wanted for. */
const launchQuery = z.strictObject({
  code: text.optional(),
  capabilities: text.optional().describe('Separated by commas (`email.send,email.reply`): only their scopes are asked for'),
  connection_id: z.string().max(64).optional().describe('The connection that is to be able to do more: it keeps what it has'),
  return_to: text.optional().describe('Where the person is led when all is done: one of OAUTH_RETURN_TO, character by character'),
});
/** Providers may add members of their own to a callback (RFC 6749, 4.1.2): these are the ones that mean something. */
const callbackQuery = z.looseObject({
  code: text.optional(),
  state: text.optional(),
  error: text.optional(),
  iss: text.optional(),
});
const connectedSchema = z.strictObject({
  connection_id: z.string(),
  provider: z.string(),
  account_name: z.string(),
  scopes: z.array(z.string()),
});

export async function oauthRoutes(app: App, deps: OAuthDeps): Promise<void> {
  await app.register(cookie);
  app.get(
    '/oauth/launch/:provider',
    {
      // A browser comes without a bearer: its single-use code is what lets it in. With a bearer, the handler checks it.
      config: { access: { principal: 'public' } },
      schema: {
        summary: 'Connect an account: an address with a bearer, the way to the provider with a code',
        tags: ['connections'],
        params: providerParams,
        querystring: launchQuery,
        response: { 200: launchSchema, 302: z.never() },
      },
    },
    async (request, reply) => {
      const { code } = request.query;
      if (code === undefined) return reply.send({ url: await addressFor(deps, request) });
      return orPage(request, reply, () => enter(deps, request, reply, code));
    },
  );
  app.get(
    '/oauth/callback/:provider',
    {
      config: { access: { principal: 'public' } },
      schema: {
        summary: 'Where the provider sends the browser back to',
        tags: ['connections'],
        params: providerParams,
        querystring: callbackQuery,
        response: { 200: connectedSchema, 303: z.never() },
      },
    },
    async (request, reply) => orPage(request, reply, () => arrive(deps, request, reply)),
  );
}

async function addressFor(
  deps: OAuthDeps,
  request: FastifyRequest<{ Params: { provider: string }; Querystring: z.infer<typeof launchQuery> }>,
): Promise<string> {
  const person = await authorise({ principal: 'person', permission: 'connections.write' }, request.bearer, deps.verifiers);
  if (person?.kind !== 'person') throw new ClancyError('unauthenticated', 'This route is for a person.');
  assertNotImpersonated(person);
  const provider = await findProvider(deps.registry, request.params.provider, person.orgId);
  const { capabilities = '', connection_id: connectionId, return_to: returnTo } = request.query;
  const names = capabilities.split(',').flatMap((name) => (name === '' ? [] : `${provider.definition.id}/${name}`));
  const url = await launch(deps, scopeOf(person, request.ip), provider, { capabilities: names, connectionId, returnTo });
  return url.href;
}

/** The browser's first step: the cookie that binds the flow to it, and the way to the provider. */
async function enter(
  deps: OAuthDeps,
  request: FastifyRequest<{ Params: { provider: string } }>,
  reply: FastifyReply,
  code: string,
): Promise<FastifyReply> {
  const orgId = await deps.database.jobs.orgOfLaunchCode(hashOf(code));
  const provider = await findProvider(deps.registry, request.params.provider, orgId);
  // Two flows in one browser share its cookie, so that the second does not end the first.
  const own = request.cookies[COOKIE];
  const browser = isRandomText(own) ? own : randomText();
  const { id, oauth } = provider.definition;
  const begun = await beginFlow(deps, {
    launchCode: code,
    provider: id,
    pkce: oauth.pkce,
    browser,
    source: request.ip,
  });
  return withoutTraces(reply)
    .setCookie(COOKIE, browser, {
      path: '/oauth/',
      httpOnly: true,
      sameSite: 'lax',
      secure: deps.publicUrl.protocol === 'https:',
      maxAge: STATE_SECONDS,
    })
    .redirect(authorizeUrl(provider, deps.publicUrl, begun), 302);
}

async function arrive(
  deps: OAuthDeps,
  request: FastifyRequest<{ Params: { provider: string }; Querystring: z.infer<typeof callbackQuery> }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { code, state, error, iss: issuer, ...others } = request.query;
  const orgId = await deps.database.jobs.orgOfState(hashOf(state ?? ''));
  const provider = await findProvider(deps.registry, request.params.provider, orgId);
  const { connected, returnTo } = await finishFlow(deps, provider, {
    code,
    state,
    error,
    issuer,
    more: Object.fromEntries(Object.entries(others).filter(isShortText)),
    browser: request.cookies[COOKIE],
    source: request.ip,
  });
  if (!wantsPage(request)) return withoutTraces(reply).send(connected);
  // Looked at once more: the list may have changed since the launch.
  if (returnTo !== undefined && deps.returnTo.includes(returnTo)) return withoutTraces(reply).redirect(returnTo, 303);
  const title = `${provider.definition.title} is connected`;
  return sendPage(reply, 200, {
    title,
    text: `${connected.account_name} can now be used by your employees. You can close this window.`,
  });
}

function isShortText(member: [string, unknown]): member is [string, string] {
  return text.safeParse(member[1]).success;
}

/** What went wrong, as a page where a person looks at it. */
async function orPage(request: FastifyRequest, reply: FastifyReply, work: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await work();
  } catch (thrown) {
    const error = toClancyError(thrown);
    withoutTraces(reply);
    if (!wantsPage(request) || error.code === 'internal') throw thrown;
    return sendPage(reply, statusOf(error.code), {
      title: 'That did not work',
      text: `${error.message} ${error.details.next ?? ''}`.trim(),
    });
  }
}

/** The organisation is that of the person, or of the flow that the browser comes with; undefined where there is none. */
async function findProvider(registry: Registry, id: string, orgId: string | undefined): Promise<ConsentProvider> {
  const provider = orgId === undefined ? registry.provider(id) : await registry.of(orgId).provider(id);
  if (!provider) throw new ClancyError('not_found', 'There is no such provider here.', { next: 'See GET /capabilities.' });
  if (asksForConsent(provider)) return provider;
  throw new ClancyError('invalid_request', `${provider.definition.title} is connected with a key, not by consent.`, {
    next: `clancy connections add ${id} --api-key-stdin (POST /connections).`,
  });
}
