import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import { jsonSchema } from '../../contracts/json.ts';
import type { PersonPrincipal, Principal } from '../auth/principal.ts';
import { createLogger } from '../logger.ts';
import { createServer, type App, type Denial } from './server.ts';

const opened: App[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((app) => app.close()));
});

const ana: PersonPrincipal = { kind: 'person', userId: 'user_ana', orgId: 'org_a', role: 'viewer', permissions: ['runs.read'] };

async function serve(build: (app: App) => void, denials: Denial[] = [], verified: Principal[] = []): Promise<App> {
  const app = await createServer({
    title: 'Test',
    description: 'A server under test.',
    version: '1.0.0',
    logger: createLogger({ name: 'test', level: 'silent' }),
    verifiers: {
      person: async (token) => {
        if (token !== 'ana') throw new Error('not a token of ours');
        return ana;
      },
    },
    onVerified: async (principal) => {
      verified.push(principal);
    },
    onDenied: async (denial) => {
      denials.push(denial);
    },
  });
  opened.push(app);
  build(app);
  await app.ready();
  return app;
}

function echo(app: App): void {
  app.post(
    '/echo',
    {
      config: { access: { principal: 'public' } },
      schema: { body: z.strictObject({ n: z.number(), more: jsonSchema.optional() }) },
    },
    async (request) => request.body,
  );
}

describe('the server', () => {
  it('does not boot with a route that declares no access', async () => {
    await expect(serve((app) => app.get('/open', async () => 'hello'))).rejects.toThrow('GET /open');
  });

  it('takes no body for an empty one, and asks for what is missing', async () => {
    const app = await serve((on) => {
      echo(on);
      on.post(
        '/maybe',
        { config: { access: { principal: 'public' } }, schema: { body: z.strictObject({ n: z.number().default(7) }) } },
        async (request) => request.body,
      );
    });
    expect((await app.inject({ method: 'POST', url: '/maybe' })).json()).toEqual({ n: 7 });
    const refused = (await app.inject({ method: 'POST', url: '/echo' })).json();
    expect(refused).toMatchObject({ code: 'invalid_request', fields: [{ field: '/n' }] });
  });

  it('refuses unknown fields and wrong types by name, without coercing or stripping', async () => {
    const app = await serve(echo);
    const unknown = await app.inject({ method: 'POST', url: '/echo', payload: { n: 1, role: 'admin' } });
    expect(unknown.statusCode).toBe(400);
    expect(unknown.headers['content-type']).toContain('application/problem+json');
    expect(unknown.json()).toMatchObject({ code: 'invalid_request', status: 400 });
    expect(JSON.stringify(unknown.json())).toContain('role');
    const wrong = await app.inject({ method: 'POST', url: '/echo', payload: { n: '1' } });
    expect(wrong.json().fields).toMatchObject([{ field: '/n' }]);
  });

  it('answers 413 to a body over its limit and 400 to one that is nested without end or pollutes prototypes', async () => {
    const app = await serve(echo);
    const headers = { 'content-type': 'application/json' };
    const large = await app.inject({
      method: 'POST',
      url: '/echo',
      headers,
      payload: `{"n":1,"more":"${'x'.repeat(1_100_000)}"}`,
    });
    expect(large.statusCode).toBe(413);
    expect(large.json().code).toBe('payload_too_large');
    const deep = await app.inject({
      method: 'POST',
      url: '/echo',
      headers,
      payload: `{"n":1,"more":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    });
    expect(deep.statusCode).toBe(400);
    const polluted = await app.inject({ method: 'POST', url: '/echo', headers, payload: '{"n":1,"__proto__":{"x":1}}' });
    expect(polluted.statusCode).toBe(400);
  });

  it('asks for a bearer, checks the permission, and tells of each denial', async () => {
    const denials: Denial[] = [];
    const app = await serve((server) => {
      server.get('/runs', { config: { access: { principal: 'person', permission: 'runs.read' } } }, async () => ({ ok: true }));
      server.get('/audit', { config: { access: { principal: 'person', permission: 'audit.read' } } }, async () => ({ ok: true }));
      server.get('/machines', { config: { access: { principal: 'service', services: ['worker'] } } }, async () => ({ ok: true }));
    }, denials);
    const get = (url: string, token?: string) =>
      app.inject({ url, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
    expect((await get('/runs')).json().code).toBe('unauthenticated');
    expect((await get('/runs', 'mallory')).statusCode).toBe(401);
    expect((await get('/runs', 'ana')).json()).toEqual({ ok: true });
    expect((await get('/audit', 'ana')).json()).toMatchObject({ code: 'forbidden', permission: 'audit.read' });
    expect((await get('/machines', 'ana')).statusCode).toBe(401);
    expect((await get('/runs?access_token=ana')).statusCode).toBe(401);
    expect(denials.map(({ error }) => error.code)).toEqual([
      'unauthenticated',
      'unauthenticated',
      'forbidden',
      'unauthenticated',
      'unauthenticated',
    ]);
  });

  it('tells who it is also when they may not', async () => {
    const verified: Principal[] = [];
    const build = (server: App) =>
      void server.get('/audit', { config: { access: { principal: 'person', permission: 'audit.read' } } }, async () => ({}));
    const app = await serve(build, [], verified);
    await app.inject({ url: '/audit', headers: { authorization: 'Bearer mallory' } });
    expect(verified).toEqual([]);
    expect((await app.inject({ url: '/audit', headers: { authorization: 'Bearer ana' } })).statusCode).toBe(403);
    expect(verified).toEqual([ana]);
  });

  it('shows no detail of an unexpected failure, and the wait of an expected one', async () => {
    const app = await serve((server) => {
      server.get('/bug', { config: { access: { principal: 'public' } } }, async () => {
        throw new Error('password is hunter2');
      });
      server.get('/busy', { config: { access: { principal: 'public' } } }, async () => {
        throw new ClancyError('provider_rate_limited', 'Slack asks us to wait.', { retryAfterMs: 1_500 });
      });
    });
    const bug = await app.inject('/bug');
    expect(bug.statusCode).toBe(500);
    expect(bug.body).not.toContain('hunter2');
    const busy = await app.inject('/busy');
    expect(busy.statusCode).toBe(429);
    expect(busy.headers['retry-after']).toBe('2');
    expect((await app.inject('/nowhere')).json().code).toBe('not_found');
    const malformed = await app.inject('/%ff');
    expect(malformed.headers['content-type']).toBe('application/problem+json');
    expect(malformed.json()).toMatchObject({ code: 'invalid_request', status: 400 });
  });

  it('stops although a client holds a connection that it has not used yet', async () => {
    const app = await serve(echo);
    const socket = connect(Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port), '127.0.0.1');
    await once(app.server, 'connection');
    const ended = once(socket, 'close');
    socket.resume();
    await app.close();
    await ended;
  });

  it('gives the answer that it is at when it stops, whose client would keep the connection', async () => {
    const moments = new EventEmitter();
    const app = await serve((on) => {
      on.get('/slow', { config: { access: { principal: 'public' } } }, async () => {
        moments.emit('begun');
        await once(moments, 'stopping');
        return 'here';
      });
    });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const begun = once(moments, 'begun');
    const asking = fetch(`${url}/slow`); // with keep-alive, as fetch has it
    await begun;
    const closing = app.close();
    while (app.server.listening) await setImmediate();
    moments.emit('stopping');
    expect(await (await asking).text()).toBe('here');
    await closing;
  });

  it('describes itself as OpenAPI 3.1 with a page', async () => {
    const app = await serve(echo);
    const openapi = (await app.inject('/openapi.json')).json();
    expect(openapi.openapi).toBe('3.1.0');
    expect(Object.keys(openapi.paths)).toEqual(['/echo']);
    expect(openapi.paths['/echo'].post.operationId).toBe('post_echo');
    expect(openapi.paths['/echo'].post.responses['4XX'].content).toHaveProperty(['application/problem+json']);
    const references = [...JSON.stringify(openapi).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      (found) => found[1],
    );
    expect(references).not.toHaveLength(0);
    expect(Object.keys(openapi.components.schemas)).toEqual(expect.arrayContaining(references));
    expect((await app.inject('/docs')).statusCode).toBeLessThan(400);
  });
});
