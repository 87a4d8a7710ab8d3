import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { catalogueSchema } from '../../contracts/capability.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import { deskImport, deskOffice, type DeskOffice } from './testing/desk.ts';

let harness: HubHarness;
let desk: DeskOffice;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  desk = await deskOffice(harness);
});

const sandbox = () => harness.surroundings.sandbox;
const effects = () => sandbox().desk.effects(desk.team);
const requests = () => sandbox().requests(desk.team);

describe('a capability out of a document', () => {
  it('stands in the catalogue like any other, with the connected account', async () => {
    const answer = await desk.office.asPerson('GET', '/capabilities?provider=desk');
    const [provider] = catalogueSchema.parse(answer.json).providers;
    expect(provider?.connections).toEqual([
      { connection_id: desk.connectionId, account_name: 'Support', status: 'active', scopes: [] },
    ]);
    expect(provider?.capabilities.map((one) => [one.capability, one.risk, one.idempotency, one.version])).toEqual([
      ['ticket.list', 'read', 'native', 1],
      ['ticket.get', 'read', 'native', 1],
      ['ticket.create', 'write', 'native', 1],
      ['ticket.comment', 'write', 'none', 1],
      ['ticket.delete', 'destructive', 'none', 1],
    ]);
  });

  it('is called with its parameters at their places, and answers what is declared and no more', async () => {
    const created = await desk.call('ticket.create', { subject: 'Käse & Brot', labels: ['a b', 'c&d'], priority: 'high' });
    const { id } = created.json['result'] as { id: string };
    expect(created).toMatchObject({ status: 200, json: { provider_effect_id: id } });
    expect(created.json['result']).toEqual({
      id,
      subject: 'Käse & Brot',
      body: null,
      priority: 'high',
      status: 'open',
      labels: ['a b', 'c&d'],
      comments: [],
      created_at: expect.any(String),
    });
    const listed = await desk.call('ticket.list', { label: ['a b', 'c&d'], status: 'open', limit: 5 });
    expect(listed.json['result']).toMatchObject({ tickets: [{ id }] });
    expect((await requests()).at(-1)?.args).toMatchObject({
      path: '/desk/v1/tickets',
      query: 'status=open&label=a%20b&label=c%26d&limit=5',
    });
    expect((await effects()).map(({ method }) => method)).toEqual(['createTicket']);
  });

  it('that its provider calls deprecated goes on as it was, and says since when', async () => {
    const { sandboxUrl } = harness.surroundings;
    const { document_url, ...choices } = deskImport(sandboxUrl);
    const text = await (await fetch(document_url)).text();
    const document = text.replace('operationId: listTickets', '$&\n      deprecated: true');
    const bring = (title: string) =>
      desk.office.asPerson('POST', '/providers', { body: { ...choices, title, document, server: `${sandboxUrl}/desk/v1` } });
    const offered = async () => {
      const answer = await desk.office.asPerson('GET', '/capabilities?provider=desk');
      return catalogueSchema.parse(answer.json).providers[0]?.capabilities.map((one) => [one.version, one.deprecated]);
    };
    expect((await bring('Desk')).status).toBe(201);
    const [list, get] = (await offered()) ?? [];
    expect([list, get]).toEqual([
      [1, { since: expect.any(String) }],
      [1, undefined],
    ]);
    const since = Date.parse(Object(list?.[1]).since);
    expect(Date.now() - since).toBeLessThan(2 * 86_400_000);
    const listed = await desk.call('ticket.list', {});
    expect(listed).toMatchObject({ status: 200, headers: { deprecation: `@${since / 1_000}` } });
    expect((await desk.call('ticket.list', { status: 'lost' })).headers).toMatchObject({ deprecation: expect.any(String) });
    expect((await desk.call('ticket.get', { id: 'x' })).headers).not.toHaveProperty('deprecation');

    await harness.owner.query(
      `update hub.custom_provider_versions set definition = jsonb_set(definition, '{capabilities,0,deprecated_since}', '"2026-01-01"')
       where org_id = $1 and version = 2`,
      [desk.office.orgId],
    );
    expect((await bring('The desk')).status).toBe(201);
    expect((await offered())?.[0]).toEqual([1, { since: '2026-01-01' }]);
  });

  it('that cannot be taken back waits for a person, whatever the rules allow', async () => {
    const created = await desk.call('ticket.create', { subject: 'a' });
    const { id } = created.json['result'] as { id: string };
    const callId = desk.office.callId();
    const asked = await desk.call('ticket.delete', { id }, { callId });
    expect(asked.json).toMatchObject({
      code: 'approval_required',
      approval: { capability: 'desk/ticket.delete', capability_version: 1 },
    });
    await desk.office.approve(Object(asked.json['approval']), callId);
    expect((await desk.call('ticket.delete', { id }, { callId })).json).toMatchObject({ status: 'succeeded', result: {} });
    expect((await effects()).map(({ method }) => method)).toEqual(['createTicket', 'deleteTicket']);
  });

  it('keeps its parameters within their part of the path', async () => {
    const before = (await requests()).length;
    for (const id of ['..', '.', '', 'a/../../me', '..\\me', 'x/..']) {
      expect(await desk.call('ticket.get', { id })).toMatchObject({ json: { code: 'parameters_invalid' } });
    }
    expect((await requests()).length).toBe(before);
    expect((await desk.call('ticket.get', { id: 'a/b?c=d#e%2e' })).json).toMatchObject({ provider_code: 'http_404' });
    expect((await requests()).at(-1)?.args['path']).toBe('/desk/v1/tickets/a%2Fb%3Fc%3Dd%23e%252e');
  });

  it('checks parameters by the document, and takes none that it does not name', async () => {
    for (const wrong of [
      {},
      { subject: '' },
      { subject: 'x', priority: 'urgent' },
      { subject: 'x', id: 't1' },
      { subject: 'x', 'Idempotency-Key': 'mine' },
    ]) {
      expect((await desk.call('ticket.create', wrong)).json).toMatchObject({ code: 'parameters_invalid' });
    }
    expect(await effects()).toEqual([]);
  });
});

describe('a call whose answer is lost', () => {
  it('is sent again with its key where the provider keeps keys: one ticket', async () => {
    await sandbox().inject({ team: desk.team, method: 'createTicket', kind: 'reset', when: 'after' });
    const callId = desk.office.callId();
    const create = () => desk.call('ticket.create', { subject: 'once' }, { callId });
    expect((await create()).json).toMatchObject({ code: 'call_settling' });
    // The caller comes before ConnectHub's own job, which has no parameters to send again.
    await harness.owner.query(
      `update hub.call_keys set deadline = now() - interval '1 second', settle_after = now() - interval '1 second' where call_id = $1`,
      [callId],
    );
    expect((await create()).json).toMatchObject({ status: 'succeeded', result: { subject: 'once' } });
    expect(await effects()).toHaveLength(1);
    const keys = (await requests()).filter(({ method }) => method === 'createTicket').map(({ args }) => args['idempotency_key']);
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  });

  it('is left to a person where it keeps none, and is never repeated', async () => {
    const created = await desk.call('ticket.create', { subject: 'a' });
    const { id } = created.json['result'] as { id: string };
    await sandbox().inject({ team: desk.team, method: 'addComment', kind: 'reset', when: 'after' });
    const callId = desk.office.callId();
    const comment = () => desk.call('ticket.comment', { id, text: 'hello' }, { callId });
    expect((await comment()).json).toMatchObject({ code: 'call_settling' });
    await harness.passTime(desk.office.orgId);
    for (let n = 0; n < 3; n += 1) expect((await comment()).json).toMatchObject({ code: 'outcome_unknown' });
    expect((await effects()).filter(({ method }) => method === 'addComment')).toHaveLength(1);
    const word = { resolution: 'happened', result: { id: 'c1', text: 'hello', more: 'left out' } };
    const resolved = await desk.office.asPerson('POST', `/receipts/${encodeURIComponent(callId)}/resolve`, { body: word });
    expect(resolved).toMatchObject({ status: 200, json: { outcome: 'succeeded', provider_effect_id: 'c1' } });
    expect((await comment()).json).toMatchObject({ status: 'succeeded', result: { id: 'c1', text: 'hello' } });
  });

  it('is refused and may come again where the provider was never reached or says 429', async () => {
    await sandbox().inject({ team: desk.team, method: 'addComment', kind: 'status', status: 429, retry_after: 7 });
    const created = await desk.call('ticket.create', { subject: 'a' });
    const { id } = created.json['result'] as { id: string };
    const answer = await desk.call('ticket.comment', { id, text: 'x' });
    expect(answer).toMatchObject({ status: 429, json: { code: 'provider_rate_limited' } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(3);
  });
});

describe('the key of an account', () => {
  it('stands in no answer, no log and no row', async () => {
    await desk.call('ticket.create', { subject: `echo ${desk.apiKey}` });
    await desk.office.asPerson('GET', '/connections');
    await desk.office.asPerson('GET', '/providers');
    expect(harness.traces.join('\n')).not.toContain(desk.apiKey);
    for (const table of ['connections', 'custom_providers', 'custom_provider_versions', 'audit', 'call_keys']) {
      const { rows } = await harness.owner.query(`select t::text as row from hub.${table} t where org_id = $1`, [
        desk.office.orgId,
      ]);
      expect(JSON.stringify(rows)).not.toContain(desk.apiKey);
    }
  });

  it('that the provider no longer takes makes the connection wait for a person', async () => {
    await sandbox().inject({ team: desk.team, method: 'listTickets', kind: 'status', status: 401 });
    expect((await desk.call('ticket.list', {})).json).toMatchObject({ code: 'provider_unavailable' });
    expect((await desk.call('ticket.list', {})).json).toMatchObject({ code: 'connection_needs_reauth' });
    const credentials = { api_key: desk.apiKey };
    const again = await desk.office.asPerson('POST', '/connections', {
      body: { provider: 'desk', account_name: 'Support', credentials },
    });
    expect(again.json).toMatchObject({ connection_id: desk.connectionId });
    expect((await desk.call('ticket.list', {})).status).toBe(200);
  });
});
