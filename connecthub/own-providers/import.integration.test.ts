import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../testing/browser.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';
import { deskImport, deskOffice } from './testing/desk.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

const desk = (changes: object = {}) => ({ ...deskImport(harness.surroundings.sandboxUrl), ...changes });
const bring = (changes: object = {}, of = office) => of.asPerson('POST', '/providers', { body: desk(changes) });
const add = (apiKey: string, of = office) =>
  of.asPerson('POST', '/connections', { body: { provider: 'desk', account_name: 'Support', credentials: { api_key: apiKey } } });

async function serve(status: number, headers: { [name: string]: string }, body = ''): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status, headers).end(body));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/openapi.yaml`;
}

describe('an import', () => {
  it('shows what it would come to and keeps nothing, then keeps it, then finds it there', async () => {
    const preview = await bring({ preview: true });
    expect(preview).toMatchObject({ status: 200, json: { outcome: 'preview', version: 1 } });
    expect((await office.asPerson('GET', '/providers/desk')).status).toBe(404);
    const kept = await bring();
    expect(kept).toMatchObject({ status: 201, json: { outcome: 'new', version: 1, digest: preview.json['digest'] } });
    expect(await bring()).toMatchObject({ status: 200, json: { outcome: 'same', version: 1 } });
    const { json } = await office.asPerson('GET', '/providers');
    expect(json).toMatchObject({ items: [{ id: 'desk', version: 1, digest: preview.json['digest'] }] });
  });

  it('raises the version of what changed, and of nothing else', async () => {
    await bring();
    const [list, get, create, ...others] = desk().capabilities;
    const capabilities = [list, get, { ...create, parameters: ['subject'] }, ...others];
    const changed = await bring({ capabilities });
    const versions = (changed.json['capabilities'] as { capability: string; version: number }[]).map((one) => [
      one.capability,
      one.version,
    ]);
    expect(changed.json['version']).toBe(2);
    expect(Object.fromEntries(versions)).toEqual({
      'ticket.list': 1,
      'ticket.get': 1,
      'ticket.create': 2,
      'ticket.comment': 1,
      'ticket.delete': 1,
    });
  });

  it('of a provider that was removed goes on counting', async () => {
    await bring();
    expect((await office.asPerson('DELETE', '/providers/desk')).status).toBe(204);
    expect((await office.asPerson('DELETE', '/providers/desk')).status).toBe(404);
    expect((await office.asPerson('GET', '/capabilities?provider=desk')).json).toEqual({ providers: [] });
    expect(await bring()).toMatchObject({ status: 201, json: { version: 2 } });
  });

  it('is for whoever manages connections, in person', async () => {
    const asked = await office.asPerson('POST', '/providers', { role: 'builder', userId: 'user_builder', body: desk() });
    expect(asked).toMatchObject({ status: 403, json: { permission: 'connections.write' } });
    expect((await office.asPerson('DELETE', '/providers/desk', { role: 'viewer', userId: 'user_viewer' })).status).toBe(403);
  });

  it('takes no name of the installation’s, whether it is used or not', async () => {
    for (const id of ['slack', 'stripe']) expect(await bring({ id })).toMatchObject({ status: 409, json: { code: 'conflict' } });
  });

  it.each([
    ['twice the same capability', { capabilities: [desk0(), desk0()] }, '/capabilities/1/capability'],
    ['an operation that is not there', { capabilities: [{ ...desk0(), operation_id: 'none' }] }, '/document/paths'],
    [
      'an account read that needs something',
      { account: { operation_id: 'getTicket', id: 'id' } },
      '/document/paths/~1tickets~1{id}/get',
    ],
    ['a read that may write', { capabilities: [{ ...desk0(), permission: 'ticket.write' }] }, '/capabilities/0/permission'],
  ])('with %s is refused', async (_what, changes, field) => {
    const { status, json } = await bring(changes);
    expect([status, json['fields']]).toEqual([400, [expect.objectContaining({ field })]]);
  });

  it('fetches a document once, follows nobody elsewhere, and reads no more than it must', async () => {
    const leading = await serve(302, { location: `${harness.surroundings.sandboxUrl}/desk/openapi.yaml` });
    const large = await serve(200, {}, 'x'.repeat(6 * 1024 * 1024));
    const missing = await serve(404, {});
    for (const document_url of [
      leading,
      large,
      missing,
      'http://169.254.169.254/openapi.yaml',
      'http://10.0.0.1/x',
      'https://user:pass@example.com/',
    ]) {
      expect((await bring({ document_url })).json).toMatchObject({
        code: 'invalid_request',
        fields: [{ field: '/document_url' }],
      });
    }
  });
});

function desk0() {
  return { operation_id: 'listTickets', capability: 'ticket.list', permission: 'ticket.read', risk: 'read' };
}

describe('an account', () => {
  it('is connected with a key that the provider takes, and no other', async () => {
    await bring();
    expect((await add('wrong-key-1')).json).toMatchObject({ code: 'provider_refused', provider_code: 'http_401' });
    const { apiKey } = await harness.surroundings.sandbox.desk.createAccount();
    const [one, two] = [await add(apiKey), await add(apiKey)];
    expect([one.status, one.json]).toEqual([201, two.json]);
    expect((await office.asPerson('GET', '/oauth/launch/desk')).json).toMatchObject({ code: 'invalid_request' });
    expect(
      await office.asPerson('POST', '/connections', {
        body: { provider: 'slack', account_name: 'x', credentials: { api_key: 'xoxb-12345' } },
      }),
    ).toMatchObject({ status: 400 });
  });

  it('keeps its provider, and its key stays with the server that it was given for', async () => {
    const { office: own, connectionId } = await deskOffice(harness);
    expect((await own.asPerson('DELETE', '/providers/desk')).json).toMatchObject({ code: 'conflict' });
    for (const changes of [
      { server: 'https://evil.example/v1' },
      { auth: { type: 'api_key', in: 'query', name: 'key' } },
      { auth: { type: 'bearer' } },
    ]) {
      expect((await bring(changes, own)).json).toMatchObject({ code: 'conflict', next: expect.stringContaining(connectionId) });
    }
    expect((await bring({ title: 'Help desk' }, own)).status).toBe(201);
    expect((await own.asPerson('DELETE', `/connections/${connectionId}`)).status).toBe(204);
    expect((await bring({ auth: { type: 'bearer' } }, own)).status).toBe(201);
    expect((await own.asPerson('DELETE', '/providers/desk')).status).toBe(204);
  });

  it('of an OAuth client of the organisation’s own is connected by consent, refreshed and revoked', async () => {
    const { sandboxUrl, sandbox } = harness.surroundings;
    const auth = {
      type: 'oauth2',
      authorize_url: `${sandboxUrl}/desk/oauth/authorize`,
      token_url: `${sandboxUrl}/desk/oauth/token`,
      revoke_url: `${sandboxUrl}/desk/oauth/revoke`,
      client_id: 'desk-client',
      scopes: ['tickets'],
    };
    expect((await bring({ auth })).json).toMatchObject({ fields: [{ field: '/auth/client_secret' }] });
    expect((await bring({ auth: { ...auth, client_secret: 'desk-client-secret' } })).status).toBe(201);
    const { team } = await sandbox.desk.createAccount();
    const launched = await office.asPerson('GET', '/oauth/launch/desk');
    const connected = await createBrowser(harness.hub.app, sandbox).consent(String(launched.json['url']), { team });
    expect(connected).toMatchObject({ status: 200, json: { provider: 'desk', account_name: 'Desk', scopes: ['tickets'] } });
    const stranger = await harness.office();
    expect((await stranger.asPerson('GET', '/oauth/launch/desk')).status).toBe(404);
    await office.asPerson('DELETE', `/connections/${String(connected.json['connection_id'])}`);
    await harness.passTime(office.orgId);
    const states = (await sandbox.tokens()).filter((token) => token.team === team).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['revoked']));
    const { rows } = await harness.owner.query('select t::text as row from hub.custom_providers t where org_id = $1', [
      office.orgId,
    ]);
    expect(JSON.stringify(rows)).not.toContain('desk-client-secret');
    expect(harness.traces.join('\n')).not.toContain('desk-client-secret');
  });
});

describe('another organisation', () => {
  it('neither sees nor uses nor takes away a provider that is not its own', async () => {
    const own = await deskOffice(harness);
    const path = '/providers/desk';
    expect((await office.asPerson('GET', path)).status).toBe(404);
    expect((await office.asPerson('DELETE', path)).status).toBe(404);
    expect((await office.asPerson('GET', '/providers')).json).toEqual({ items: [] });
    expect((await office.asPerson('GET', '/capabilities?provider=desk')).json).toEqual({ providers: [] });
    expect((await add(own.apiKey)).status).toBe(404);
    const asked = { connection_id: own.connectionId, parameters: {} };
    const headers = {
      authorization: `Bearer ${office.agentToken}`,
      'idempotency-key': office.callId(),
      'clancy-run-ticket': office.ticket,
    };
    const answer = await harness.hub.app.inject({ method: 'POST', url: '/proxy/desk/ticket.list', headers, payload: asked });
    expect(answer.json()).toMatchObject({ code: 'capability_unknown' });
  });

  it('has its own of the same name', async () => {
    const own = await deskOffice(harness);
    expect((await bring({ title: 'Ours', capabilities: [desk0()] })).status).toBe(201);
    expect((await own.call('ticket.create', { subject: 'still there' })).status).toBe(200);
    expect((await office.asPerson('GET', '/providers/desk')).json).toMatchObject({ title: 'Ours', version: 1 });
  });
});
