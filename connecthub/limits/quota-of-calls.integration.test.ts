import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

const POST = { channel: '#billing', text: 'Once.' };

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

const allow = (quota: { perMinute?: number; atOnce?: number }) =>
  harness.owner.query(
    `insert into authz.quotas (org_id, effects_per_day, calls_per_minute, calls_at_once, set_by)
     values ($1, 1000, $2, $3, 'user_boss') on conflict (org_id) do update
     set calls_per_minute = excluded.calls_per_minute, calls_at_once = excluded.calls_at_once`,
    [office.orgId, quota.perMinute ?? 1_000, quota.atOnce ?? 100],
  );
const keysOf = async (callId: string) =>
  (await harness.owner.query('select state from hub.call_keys where org_id = $1 and call_id = $2', [office.orgId, callId])).rows;

describe('the calls of an organisation in a minute', () => {
  it('are counted over all copies, reads too; one too many is told when to come back, and stores no key', async () => {
    await allow({ perMinute: 2 });
    const first = office.callId();
    expect((await office.call('slack.post', POST, { callId: first })).status).toBe(200);
    expect((await office.call('slack.channels.list', {}, { hub: await harness.copy() })).status).toBe(200);
    const third = office.callId();
    const refused = await office.call('slack.post', POST, { callId: third });
    expect(refused.json).toMatchObject({
      status: 429,
      code: 'calls_limited',
      limit: { name: 'calls_per_minute', most: 2, per_seconds: 60 },
      next: expect.stringContaining('PUT /v1/quotas'),
    });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(30);
    expect(await keysOf(third)).toEqual([]);
    expect(await office.refusals(third)).toEqual(['calls_limited']);
    // What was done is told again as often as anybody asks.
    expect((await office.call('slack.post', POST, { callId: first })).json).toMatchObject({ replayed: true });
    await allow({ perMinute: 3 });
    expect((await office.call('slack.post', POST, { callId: third })).status).toBe(200);
  });

  it('leave other organisations theirs', async () => {
    await allow({ perMinute: 1 });
    await office.call('slack.post', POST);
    const neighbour = await harness.office();
    expect((await neighbour.call('slack.post', POST)).status).toBe(200);
  });
});

describe('the calls of an organisation at once', () => {
  it('are those that hold a lease: one too many waits until another has ended', async () => {
    await allow({ atOnce: 1 });
    const barrier = await harness.surroundings.sandbox.barrier({ team: office.team, method: 'chat.postMessage' });
    const held = office.call('slack.post', POST);
    await barrier.waitUntilHeld();
    const other = office.callId();
    const refused = await office.call('slack.post', POST, { callId: other, hub: await harness.copy() });
    expect(refused.json).toMatchObject({ status: 429, code: 'calls_limited', limit: { name: 'calls_at_once', most: 1 } });
    expect(refused.headers['retry-after']).toBe('1');
    expect(await keysOf(other)).toEqual([]);
    await barrier.release();
    expect((await held).status).toBe(200);
    expect((await office.call('slack.post', POST, { callId: other })).status).toBe(200);
  });

  it('let no more through however many come together', async () => {
    await allow({ atOnce: 3 });
    const barriers = await Promise.all(
      [1, 2, 3].map(() => harness.surroundings.sandbox.barrier({ team: office.team, method: 'chat.postMessage' })),
    );
    const copies = [harness.hub, await harness.copy()];
    const calls = Array.from({ length: 9 }, (_, n) => {
      const hub = copies[n % 2];
      return office.call('slack.post', POST, hub ? { hub } : {});
    });
    await Promise.all(barriers.map((barrier) => barrier.waitUntilHeld()));
    await Promise.all(barriers.map((barrier) => barrier.release()));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
    expect(await office.posts()).toHaveLength(statuses.filter((status) => status === 200).length);
  });

  it('are not held up by a copy that died, longer than its leases last', async () => {
    await allow({ atOnce: 1 });
    const barrier = await harness.surroundings.sandbox.barrier({ team: office.team, method: 'chat.postMessage' });
    const lost = office.callId();
    const dying = office.call('slack.post', POST, { callId: lost });
    await barrier.waitUntilHeld();
    expect((await office.call('slack.channels.list', {})).json).toMatchObject({ code: 'calls_limited' });
    await harness.owner.query(`update hub.call_keys set deadline = now() where org_id = $1 and call_id = $2`, [
      office.orgId,
      lost,
    ]);
    expect((await office.call('slack.channels.list', {})).status).toBe(200);
    await barrier.release();
    await dying;
  });
});
