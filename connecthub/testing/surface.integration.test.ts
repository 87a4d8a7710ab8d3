import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogueSchema } from '../../contracts/capability.ts';
import { hubHarness, type HubHarness } from './harness.ts';
import type { Office } from './office.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

const pageSchema = z.object({ items: z.array(z.record(z.string(), z.unknown())), next_cursor: z.string().nullable() });
const items = (json: Record<string, unknown>) => pageSchema.parse(json).items;
const cursorOf = (json: Record<string, unknown>) => encodeURIComponent(pageSchema.parse(json).next_cursor ?? '');

describe('receipts', () => {
  it('come newest first, page by page, and by what they are about', async () => {
    for (const text of ['one', 'two', 'three']) await office.call('slack.post', { channel: '#billing', text });
    await office.call('slack.post', { channel: '#leadership', text: 'refused' });
    await office.call('slack.read', { channel: '#billing' });
    const seen: unknown[] = [];
    let url = '/receipts?limit=2';
    for (;;) {
      const { json } = await office.asPerson('GET', url);
      seen.push(...items(json).map((one) => one['call_id']));
      if (json['next_cursor'] === null) break;
      url = `/receipts?limit=2&cursor=${cursorOf(json)}`;
    }
    expect(new Set(seen).size).toBe(5);
    const count = async (query: string) => items((await office.asPerson('GET', `/receipts?${query}`)).json).length;
    expect(await count('outcome=refused')).toBe(1);
    expect(await count('capability=slack%2Fslack.post')).toBe(4);
    expect(await count(`run_id=${encodeURIComponent(office.runId)}`)).toBe(5);
    expect(await count(`employee_id=${office.employeeId}`)).toBe(5);
    expect(await count('employee_id=0123456789abcdefghjkmnpqrs')).toBe(0);
  });

  it('say who asked, what for, under which approval, and how each attempt went', async () => {
    const callId = office.callId();
    await harness.surroundings.sandbox.inject({ team: office.team, method: 'chat.postMessage', kind: 'status', status: 429 });
    const post = () => office.call('slack.post', { channel: '#billing', text: 'x'.repeat(500) }, { callId });
    await post();
    await harness.passTime(office.orgId);
    await post();
    const { json } = await office.asPerson('GET', `/receipts/${encodeURIComponent(callId)}`);
    expect(json).toMatchObject({
      call_id: callId,
      run_id: office.runId,
      employee_id: office.employeeId,
      employee_version: 1,
      initiator: { type: 'person', id: office.initiator },
      capability: 'slack/slack.post',
      outcome: 'succeeded',
      error_code: null,
      provider_effect_id: expect.stringMatching(/^C0BILLING1\/\d/),
      attempts: [{ outcome: 'refused', code: 'ratelimited' }, { outcome: 'succeeded' }],
    });
    expect(String(json['parameters_summary']).length).toBeLessThan(300);
  });

  it('are those of the own organisation only', async () => {
    const callId = office.callId();
    await office.call('slack.post', { channel: '#billing', text: 'ours' }, { callId });
    const other = await harness.office();
    const path = `/receipts/${encodeURIComponent(callId)}`;
    const [foreign, random] = await Promise.all([other.asPerson('GET', path), other.asPerson('GET', `${path}9`)]);
    const { instance: _one, ...foreignBody } = foreign.json;
    const { instance: _two, ...randomBody } = random.json;
    expect([foreign.status, foreignBody]).toEqual([404, randomBody]);
    expect((await other.asPerson('POST', `${path}/resolve`, { body: { resolution: 'happened' } })).status).toBe(404);
    expect(items((await other.asPerson('GET', '/receipts')).json)).toEqual([]);
  });

  it('refuse a cursor of another organisation or of anybody’s making', async () => {
    for (let i = 0; i < 2; i += 1) await office.call('slack.read', { channel: '#billing' });
    const cursor = cursorOf((await office.asPerson('GET', '/receipts?limit=1')).json);
    const other = await harness.office();
    for (const [who, what] of [
      [other, cursor],
      [office, `${cursor}x`],
      [office, 'e30.AAAA'],
    ] as const) {
      expect((await who.asPerson('GET', `/receipts?cursor=${what}`)).json).toMatchObject({ code: 'invalid_request' });
    }
  });
});

describe('disconnecting', () => {
  it('row 30: ends the grant at the provider, erases the tokens and stops the next call', async () => {
    const path = `/connections/${office.connectionId}`;
    expect((await office.asPerson('DELETE', path, { role: 'operator', userId: 'user_operator' })).status).toBe(403);
    expect((await office.asPerson('DELETE', path)).status).toBe(204);
    const effects = await harness.surroundings.sandbox.effects(office.team);
    // That of the person who connected it, and the bot's.
    expect(effects.map(({ method }) => method)).toEqual(['auth.revoke', 'auth.revoke']);
    const { rows } = await harness.owner.query(
      'select status, access_token, refresh_token from hub.connections where org_id = $1',
      [office.orgId],
    );
    expect(rows).toEqual([1, 2].map(() => ({ status: 'disconnected', access_token: null, refresh_token: null })));
    expect((await office.call('slack.read', { channel: '#billing' })).json).toMatchObject({ code: 'connection_missing' });
    expect((await office.asPerson('DELETE', path)).status).toBe(204);
  });

  it('is not possible for a connection of another organisation', async () => {
    const other = await harness.office();
    expect((await other.asPerson('DELETE', `/connections/${office.connectionId}`)).status).toBe(404);
    expect((await office.call('slack.read', { channel: '#billing' })).status).toBe(200);
  });
});

describe('the catalogue', () => {
  it('holds the eight capabilities of Slack and the own connections, and is not sent twice', async () => {
    const answer = await office.asPerson('GET', '/capabilities');
    const slack = catalogueSchema.parse(answer.json).providers.find(({ provider }) => provider === 'slack');
    expect(slack?.capabilities.map((one) => [one.capability, one.risk, one.idempotency])).toEqual([
      ['slack.post', 'write', 'lookup'],
      ['slack.dm', 'write', 'lookup'],
      ['slack.read', 'read', 'native'],
      ['slack.thread.read', 'read', 'native'],
      ['slack.react', 'write', 'lookup'],
      ['slack.channels.list', 'read', 'native'],
      ['slack.users.find', 'read', 'native'],
      ['slack.search', 'read', 'native'],
    ]);
    expect(slack?.connections).toMatchObject([{ connection_id: office.connectionId, status: 'active' }]);
    const filtered = catalogueSchema.parse(
      (await office.asPerson('GET', '/capabilities?permission=email.write&risk=write')).json,
    );
    expect(filtered.providers.map(({ provider, capabilities }) => [provider, capabilities.map((one) => one.capability)])).toEqual(
      [['gmail', ['email.send', 'email.reply', 'email.draft', 'email.label']]],
    );
    expect((await office.asPerson('GET', '/capabilities?provider=nobody')).json).toEqual({ providers: [] });
    expect((await office.asPerson('GET', '/capabilities?risk=none')).status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    const etag = String(answer.headers['etag']);
    expect((await office.asPerson('GET', '/capabilities', { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await harness.hub.app.inject({ url: '/capabilities' })).statusCode).toBe(401);
  });
});

describe('the service', () => {
  it('tells how it does, which of production’s rules do not hold, and that it is ready', async () => {
    expect((await office.asPerson('GET', '/health')).json).toEqual({
      status: 'ok',
      database: 'ok',
      key_service: 'ok',
      settling_backlog: 0,
      providers: expect.arrayContaining([{ id: 'slack', open_breakers: 0, failing_refreshes: 0 }]),
      webhooks: { unsent: 0, oldest_unsent_seconds: 0, parked: 0 },
      waivers: ['issuers', 'loopback', 'sandbox'],
    });
    expect((await office.asPerson('GET', '/ready')).json).toEqual({ status: 'ready', key_service: 'ok' });
  });

  it('describes each of its routes', async () => {
    const { json } = await office.asPerson('GET', '/openapi.json');
    expect(Object.keys(json['paths'] as object).toSorted()).toEqual([
      '/audit',
      '/audit/seals',
      '/capabilities',
      '/connections',
      '/connections/auth0',
      '/connections/{connection_id}',
      '/connections/{connection_id}/receiving',
      '/health',
      '/hooks/{provider}',
      '/oauth/callback/{provider}',
      '/oauth/launch/{provider}',
      '/providers',
      '/providers/mcp',
      '/providers/{provider}',
      '/providers/{provider}/review',
      '/proxy/{provider}/{capability}',
      '/ready',
      '/receipts',
      '/receipts/summary',
      '/receipts/{call_id}',
      '/receipts/{call_id}/resolve',
      '/rehearsals/{run_id}/calls',
      '/webhooks/events',
      '/webhooks/events/{event_id}/retry',
    ]);
  });

  it('names the headers that a call must have', async () => {
    const { json } = await office.asPerson('GET', '/openapi.json');
    const { post } = (json['paths'] as { [path: string]: { post: { parameters: object[] } } })['/proxy/{provider}/{capability}']!;
    for (const name of ['idempotency-key', 'clancy-run-ticket'])
      expect(post.parameters).toContainEqual(expect.objectContaining({ in: 'header', name, required: true }));
  });

  it('leaves a trace of who was refused', async () => {
    await office.asPerson('DELETE', `/connections/${office.connectionId}`, { role: 'viewer', userId: 'user_viewer' });
    const { rows } = await harness.owner.query(
      `select actor_id, object_id, details from hub.audit where org_id = $1 and not allowed`,
      [office.orgId],
    );
    expect(rows).toEqual([
      { actor_id: 'user_viewer', object_id: 'DELETE /connections/:connection_id', details: { code: 'forbidden' } },
    ]);
  });
});
