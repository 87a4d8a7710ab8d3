import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../contracts/json.ts';
import { callApproved } from '../../testing/approved.ts';
import { hubHarness, type HubHarness } from '../../testing/harness.ts';
import type { Office } from '../../testing/office.ts';
import { READ, WRITE } from './scopes.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
  office = await harness.office({ provider: 'calendar' });
}, 120_000);
afterAll(() => harness.close());

const sandbox = () => harness.surroundings.sandbox;
const result = async (capability: string, parameters: JsonObject): Promise<Record<string, unknown>> => {
  const answer = await callApproved(office, capability, parameters);
  expect(answer.json).toMatchObject({ status: 'succeeded' });
  return Object(answer.json['result']);
};
const refusal = async (capability: string, parameters: JsonObject) => (await callApproved(office, capability, parameters)).json;
const effects = () => sandbox().calendar.effects(office.team);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const MEETING = { title: 'Review', start: '2026-12-01T10:00:00+01:00', end: '2026-12-01T11:00:00+01:00' };

describe('connecting a person', () => {
  it('asks for what the calendar needs, and keeps what was not unticked', async () => {
    const own = await harness.office({ provider: 'calendar', untick: [WRITE] });
    const { json } = await own.asPerson('GET', '/connections');
    const [connection] = json['items'] as { account_id: string; scopes: string[] }[];
    expect(connection?.account_id).toBe(own.team);
    expect(connection?.scopes).toContain(READ);
    expect(connection?.scopes).not.toContain(WRITE);
    expect((await own.call('event.create', MEETING)).json).toMatchObject({ code: 'scope_missing' });
    expect((await own.call('event.list', { from: inDays(0) })).json).toMatchObject({ status: 'succeeded' });
  });

  it('goes on with the refresh token that it has, and ends at Google', async () => {
    const own = await harness.office({ provider: 'calendar' });
    await sandbox().expireTokens(own.team);
    await own.call('event.list', { from: inDays(0) });
    expect((await own.call('event.list', { from: inDays(0) })).status).toBe(200);
    expect((await own.asPerson('DELETE', `/connections/${own.connectionId}`)).status).toBe(204);
    const states = (await sandbox().tokens()).filter(({ team }) => team === own.team).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['revoked']));
  });
});

describe('the capabilities of Google Calendar', () => {
  it('lists events in order, page by page, and searches them', async () => {
    const first = await result('event.list', { from: inDays(0), limit: 2 });
    expect(first).toMatchObject({ events: [{ id: 'standup01', title: 'Stand-up' }, { location: 'Hall 2' }], next_cursor: 'p2' });
    const second = await result('event.list', { from: inDays(0), limit: 2, cursor: 'p2' });
    expect(second).toEqual({
      events: [expect.objectContaining({ title: 'Closed', start: expect.stringMatching(/^[\d-]{10}$/) })],
    });
    expect(await result('event.list', { from: inDays(0), query: 'gloves' })).toMatchObject({ events: [{ id: 'rollers01' }] });
    expect(await result('event.list', { from: inDays(10), to: inDays(11) })).toEqual({ events: [] });
    expect(await result('event.get', { id: 'standup01' })).toMatchObject({
      attendees: [{ email: 'ines@millrace.example', response: 'accepted' }],
      etag: expect.stringMatching(/^"\d+"$/),
    });
  });

  it('creates, changes and deletes an event as it was seen', async () => {
    const details = { ...MEETING, description: 'Bring numbers.', attendees: ['ines@millrace.example'], notify: true };
    const made = await result('event.create', details);
    expect(made).toMatchObject({ id: expect.stringMatching(/^[0-9a-v]{32}$/), title: 'Review', status: 'confirmed' });
    const [id, etag] = [String(made['id']), String(made['etag'])];
    const changed = await result('event.update', { id, etag, location: 'Hall 2' });
    expect(changed).toMatchObject({ title: 'Review', location: 'Hall 2' });
    expect(await refusal('event.update', { id, etag, location: 'Hall 3' })).toMatchObject({ provider_code: 'condition_not_met' });
    expect(await refusal('event.delete', { id, etag })).toMatchObject({ provider_code: 'condition_not_met' });
    expect(await result('event.delete', { id, etag: String(changed['etag']) })).toEqual({ id });
    expect(await result('event.delete', { id, etag: String(changed['etag']) })).toEqual({ id });
    const mine = (await effects()).filter((effect) => effect.id === id);
    expect(mine.map(({ method, send_updates: mailed }) => [method, mailed])).toEqual([
      ['events.insert', 'all'],
      ['events.patch', 'none'],
      ['events.delete', 'none'],
    ]);
  });

  it('makes events that last whole days', async () => {
    const made = await result('event.create', { title: 'Fair', start: '2026-12-05', end: '2026-12-07' });
    expect(made).toMatchObject({ start: '2026-12-05', end: '2026-12-07' });
  });

  it('tells when somebody is busy, and when it cannot be known', async () => {
    const asked = { calendars: ['primary', 'stranger@elsewhere.example'], from: inDays(0), to: inDays(1) };
    expect(await result('freebusy.read', asked)).toEqual({
      calendars: [
        { calendar: 'primary', busy: [{ start: expect.any(String), end: expect.any(String) }] },
        { calendar: 'stranger@elsewhere.example', busy: [], problem: 'notFound' },
      ],
    });
  });
});

describe('what is not done', () => {
  it.each([
    ['an end before the start', { ...MEETING, end: MEETING.start }, 'time_range_invalid'],
    ['a day with an instant', { ...MEETING, end: '2026-12-02' }, 'time_range_invalid'],
    ['a calendar that is not shown', { ...MEETING, calendar: 'other@elsewhere.example' }, 'not_found'],
  ])('%s', async (_what, parameters, word) => {
    const before = (await effects()).length;
    expect(await refusal('event.create', parameters)).toMatchObject({ code: 'provider_refused', provider_code: word });
    expect(await effects()).toHaveLength(before);
  });

  it.each([
    ['event.get', { id: '../../users/me' }],
    ['event.get', { id: 'standup01', calendar: 'primary/../x' }],
    ['event.create', { ...MEETING, start: 'tomorrow' }],
    ['event.create', { ...MEETING, attendees: ['Ines <ines@millrace.example>'] }],
    ['event.delete', { id: 'standup01' }],
    ['event.delete', { id: 'standup01', etag: '"x"\r\nx-evil: 1' }],
    ['event.delete', { id: 'standup01', etag: '*' }],
  ])('%s of what is no such thing: %j', async (capability, parameters) => {
    expect(await refusal(capability, parameters)).toMatchObject({ code: 'parameters_invalid' });
  });

  it('a deletion that nobody has approved, whatever the policy allows', async () => {
    expect((await office.call('event.delete', { id: 'standup01', etag: '"1"' })).json).toMatchObject({
      code: 'approval_required',
    });
  });

  it.each([
    [{ kind: 'error', error: 'rateLimitExceeded' }, 'provider_rate_limited', 'rate_limit_exceeded'],
    [{ kind: 'status', status: 429, retry_after: 7 }, 'provider_rate_limited', 'rate_limit_exceeded'],
    [{ kind: 'error', error: 'insufficientPermissions' }, 'scope_missing', 'insufficient_permissions'],
  ] as const)('anything, where Google says no: %j', async (fault, code, word) => {
    const own = await harness.office({ provider: 'calendar' });
    await sandbox().inject({ team: own.team, method: 'events.insert', ...fault });
    expect((await own.call('event.create', MEETING)).json).toMatchObject({ code, provider_code: word });
    expect(await sandbox().calendar.effects(own.team)).toEqual([]);
  });
});
