import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../contracts/json.ts';
import type { FaultInput } from '../../dev/sandbox/control/wire.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

const inject = (method: string, fault: object) =>
  // The kinds differ in their members; the sandbox checks what it gets.
  harness.surroundings.sandbox.inject({ team: office.team, method, ...fault } as FaultInput);

const seed = () =>
  harness.surroundings.sandbox.seedMessage(office.team, { channel: 'C0BILLING1', user: 'U0DANA0001', text: 'Hi' });

interface Read {
  capability: string;
  method: string;
  parameters: () => Promise<JsonObject>;
}
const READS: Read[] = [
  { capability: 'slack.read', method: 'conversations.history', parameters: async () => ({ channel: '#billing' }) },
  {
    capability: 'slack.thread.read',
    method: 'conversations.replies',
    parameters: async () => ({ channel: '#billing', thread_ts: (await seed()).ts }),
  },
  { capability: 'slack.channels.list', method: 'conversations.list', parameters: async () => ({}) },
  { capability: 'slack.users.find', method: 'users.list', parameters: async () => ({ query: 'dana' }) },
];
const NO_ANSWER = [
  { kind: 'status', status: 500 },
  { kind: 'garbage' },
  { kind: 'half' },
  { kind: 'reset' },
  { kind: 'error', error: 'internal_error' },
];

describe.each(READS)('$capability', ({ capability, method, parameters }) => {
  it.each(NO_ANSWER)('can simply be repeated when the provider gave no answer ($kind)', async (fault) => {
    const [callId, sent] = [office.callId(), await parameters()];
    await inject(method, fault);
    const first = await office.call(capability, sent, { callId });
    expect(first.json).toMatchObject({ code: 'provider_unavailable', status: 503 });
    expect(Number(first.headers['retry-after'])).toBeGreaterThan(0);
    expect((await office.call(capability, sent, { callId })).status).toBe(200);
  });

  it('passes on for how long the provider wants to be left alone', async () => {
    const [callId, sent] = [office.callId(), await parameters()];
    await inject(method, { kind: 'status', status: 429, retry_after: 11 });
    const limited = await office.call(capability, sent, { callId });
    expect(limited.json).toMatchObject({ code: 'provider_rate_limited', status: 429 });
    expect(limited.headers['retry-after']).toBe('11');
    await harness.passTime(office.orgId);
    expect((await office.call(capability, sent, { callId })).status).toBe(200);
  });
});

describe('a provider that hangs', () => {
  it('is given up within the lease: a read is free to be repeated, a write is settled', async () => {
    await inject('conversations.history', { kind: 'hang' });
    await inject('chat.postMessage', { kind: 'hang', when: 'after' });
    const [read, write] = [office.callId(), office.callId()];
    const message = { channel: '#billing', text: 'Once.' };
    const [readAnswer, writeAnswer] = await Promise.all([
      office.call('slack.read', { channel: '#billing' }, { callId: read }),
      office.call('slack.post', message, { callId: write }),
    ]);
    expect(readAnswer.json).toMatchObject({ code: 'provider_unavailable', provider_code: 'timed_out' });
    expect(writeAnswer.json).toMatchObject({ code: 'call_settling' });
    await harness.passTime(office.orgId);
    expect((await office.call('slack.post', message, { callId: write })).json).toMatchObject({
      status: 'succeeded',
      replayed: true,
    });
    expect(await office.posts()).toHaveLength(1);
  }, 30_000);
});

describe('a grant that the provider ended', () => {
  it('asks for a new connection, and the same call goes out after it', async () => {
    const callId = office.callId();
    await harness.surroundings.sandbox.revokeTokens(office.team);
    const message = { channel: '#billing', text: 'Once.' };
    expect((await office.call('slack.post', message, { callId })).json).toMatchObject({
      code: 'connection_needs_reauth',
      status: 409,
    });
    const { json } = await office.asPerson('GET', '/connections');
    expect(json).toMatchObject({ items: [{ connection_id: office.connectionId, status: 'needs_reauth' }] });
    expect(await office.connect()).toBe(office.connectionId);
    expect((await office.call('slack.post', message, { callId })).status).toBe(200);
    expect(await office.posts()).toHaveLength(1);
  });

  it('is not believed dead for a moment of trouble', async () => {
    await inject('chat.postMessage', { kind: 'status', status: 500 });
    await office.call('slack.post', { channel: '#billing', text: 'Once.' });
    const { json } = await office.asPerson('GET', '/connections');
    expect(json).toMatchObject({ items: [{ status: 'active' }] });
  });
});

describe('a missing scope at the provider', () => {
  it('is named, and is no dead grant', async () => {
    await inject('chat.postMessage', { kind: 'error', error: 'missing_scope' });
    expect((await office.call('slack.post', { channel: '#billing', text: 'Once.' })).json).toMatchObject({
      code: 'scope_missing',
      status: 403,
    });
    const { json } = await office.asPerson('GET', '/connections');
    expect(json).toMatchObject({ items: [{ status: 'active' }] });
  });
});
