import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../dev/sandbox/control/wire.ts';
import { createConnectHub } from '../app.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { HubCopy } from '../testing/hub-copy.ts';
import type { Office } from '../testing/office.ts';
import { createBreakers } from './breaker.ts';

const READ = { channel: 'C0BILLING1' };

let harness: HubHarness;
let office: Office;
/** A copy whose breakers go by a clock of ours. */
let hub: HubCopy;
let nowMs = 0;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
  const parts = { ...harness.hub.parts, breakers: createBreakers(() => nowMs) };
  const app = await createConnectHub(parts);
  hub = { app, parts, close: () => app.close() };
});
afterEach(() => hub.close());

const read = (callId = office.callId()) => office.call('slack.read', READ, { hub, callId });
const fault = (kind: object, times: number) =>
  harness.surroundings.sandbox.inject({ team: office.team, method: 'conversations.history', times, ...kind } as FaultInput);
const seen = async () => (await harness.surroundings.sandbox.requests(office.team)).length;
const health = async () => (await hub.app.inject({ method: 'GET', url: '/health' })).json();

async function open(): Promise<void> {
  await fault({ kind: 'reset' }, 5);
  for (let n = 0; n < 5; n += 1) expect((await read()).json).toMatchObject({ code: 'provider_unavailable' });
}

describe('a provider that cannot be reached', () => {
  it('is left alone over that connection: callers are told when to come back, nothing is sent, no key is stored', async () => {
    await open();
    const before = await seen();
    const [callId, post] = [office.callId(), office.callId()];
    const refused = await read(callId);
    expect(refused.json).toMatchObject({ status: 503, code: 'provider_unavailable', provider_code: 'breaker_open' });
    expect(refused.headers['retry-after']).toBe('5');
    const posting = office.call('slack.post', { channel: '#billing', text: 'x' }, { hub, callId: post });
    expect((await posting).json).toMatchObject({ provider_code: 'breaker_open' });
    expect(await seen()).toBe(before);
    const { rows } = await harness.owner.query('select call_id from hub.call_keys where call_id = any($1)', [[callId, post]]);
    expect(rows).toEqual([]);
    const neighbour = await harness.office();
    expect((await neighbour.call('slack.read', READ, { hub })).status).toBe(200);
  });

  it('is tried with one call when the time is over, and used again when that was answered', async () => {
    await open();
    nowMs += 5_000;
    const barrier = await harness.surroundings.sandbox.barrier({ team: office.team, method: 'conversations.history' });
    const trial = read();
    await barrier.waitUntilHeld();
    expect((await read()).json).toMatchObject({ provider_code: 'breaker_open' });
    await barrier.release();
    expect((await trial).status).toBe(200);
    expect((await read()).status).toBe(200);
  });

  it('shows in /health, which is degraded and not down', async () => {
    expect(await health()).toMatchObject({
      status: 'ok',
      providers: expect.arrayContaining([{ id: 'slack', open_breakers: 0, failing_refreshes: 0 }]),
    });
    await open();
    expect(await health()).toMatchObject({
      status: 'degraded',
      providers: expect.arrayContaining([
        { id: 'slack', open_breakers: 1, failing_refreshes: 0 },
        { id: 'gmail', open_breakers: 0, failing_refreshes: 0 },
      ]),
    });
    expect((await hub.app.inject({ method: 'GET', url: '/ready' })).statusCode).toBe(200);
  });
});

describe('a provider that says no', () => {
  it.each([
    ['a refusal', { kind: 'error', error: 'not_in_channel' }],
    ['a 429', { kind: 'status', status: 429, retry_after: 1 }],
  ])('is up, were it with %s each time', async (_what, kind) => {
    await fault(kind, 6);
    for (let n = 0; n < 6; n += 1) {
      expect((await read()).status).toBeGreaterThanOrEqual(400);
      await harness.passTime(office.orgId);
    }
    expect((await read()).status).toBe(200);
  });
});
