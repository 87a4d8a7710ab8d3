import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConnectHub } from '../app.ts';
import type { Registry } from '../providers/registry.ts';
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

const limitPosts = (seconds: number) =>
  harness.surroundings.sandbox.inject({
    team: office.team,
    method: 'chat.postMessage',
    kind: 'status',
    status: 429,
    retry_after: seconds,
  });

/** Copies of ConnectHub over a provider that counts by account instead of by method. */
async function copyWithLimitsPerConnection() {
  const { parts } = harness.hub;
  const { registry } = parts;
  const of: Registry['of'] = (orgId) => {
    const own = registry.of(orgId);
    return {
      ...own,
      capability: async (qualified) => {
        const found = await own.capability(qualified);
        if (!found) return undefined;
        const definition = { ...found.provider.definition, limitsPer: 'connection' as const };
        return { ...found, provider: { ...found.provider, definition } };
      },
    };
  };
  const app = await createConnectHub({ ...parts, registry: { ...registry, of } });
  return { app, parts, close: () => app.close() };
}

describe('a provider that asks for patience', () => {
  it('is left alone by every copy until its time is over, whatever call comes', async () => {
    await limitPosts(500);
    const [first, second] = [office.callId(), office.callId()];
    await office.call('slack.post', POST, { callId: first });
    const other = await harness.copy();
    for (const callId of [first, second]) {
      const refused = await office.call('slack.post', POST, { callId, hub: other });
      expect(refused.json).toMatchObject({ status: 429, code: 'provider_rate_limited', provider_code: 'ratelimited' });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(100);
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(500);
    }
    // Nothing but the limited request has reached the provider, and the second call left no key.
    expect(await office.posts()).toEqual([]);
    const { rows } = await harness.owner.query('select call_id, attempts from hub.call_keys where org_id = $1', [office.orgId]);
    expect(rows).toEqual([{ call_id: first, attempts: 1 }]);
    await harness.passTime(office.orgId);
    expect((await office.call('slack.post', POST, { callId: second, hub: other })).status).toBe(200);
    expect((await office.call('slack.post', POST, { callId: first })).status).toBe(200);
  });

  it('is used through its other methods, and by other organisations', async () => {
    await limitPosts(500);
    await office.call('slack.post', POST);
    expect((await office.call('slack.read', { channel: '#billing' })).status).toBe(200);
    const neighbour = await harness.office();
    expect((await neighbour.call('slack.post', POST)).status).toBe(200);
  });

  it('is left alone altogether where it counts by account', async () => {
    const hub = await copyWithLimitsPerConnection();
    await limitPosts(500);
    await office.call('slack.post', POST, { hub });
    expect((await office.call('slack.read', { channel: '#billing' })).json).toMatchObject({ code: 'provider_rate_limited' });
    await hub.close();
  });

  it('keeps the longer of two wishes, whichever comes last', async () => {
    const { sandbox } = harness.surroundings;
    const barrier = await sandbox.barrier({ team: office.team, method: 'users.list' });
    const slow = office.call('slack.dm', { user: '@dana', text: 'Once.' });
    await barrier.waitUntilHeld();
    await harness.owner.query(
      `insert into hub.provider_limits (org_id, connection_id, capability, until, reason)
       values ($1, $2, 'slack/slack.dm', now() + interval '1 hour', 'ratelimited')`,
      [office.orgId, office.connectionId],
    );
    await limitPosts(5);
    await barrier.release();
    expect((await slow).headers['retry-after']).toBe('5');
    expect(Number((await office.call('slack.dm', { user: '@dana', text: 'Once.' })).headers['retry-after'])).toBeGreaterThan(
      3_000,
    );
  });

  it('is not asked what became of a call either before its time, and told so, keeps other calls away', async () => {
    const { sandbox } = harness.surroundings;
    const { team } = office;
    const callId = office.callId();
    await sandbox.inject({ team, method: 'chat.postMessage', kind: 'reset', when: 'after' });
    await sandbox.inject({ team, method: 'conversations.history', kind: 'status', status: 429, retry_after: 500 });
    await office.call('slack.post', POST, { callId });
    for (let i = 0; i < 2; i += 1) {
      await harness.owner.query(
        `update hub.call_keys set deadline = now() - interval '1 minute', settle_after = now() where org_id = $1`,
        [office.orgId],
      );
      const settling = await office.call('slack.post', POST, { callId });
      expect(settling.json).toMatchObject({ code: 'call_settling' });
      expect(Number(settling.headers['retry-after'])).toBeGreaterThan(100);
    }
    expect((await office.call('slack.post', POST)).json).toMatchObject({ code: 'provider_rate_limited' });
    await harness.passTime(office.orgId);
    expect((await office.call('slack.post', POST, { callId })).json).toMatchObject({ status: 'succeeded', replayed: true });
    expect(await office.posts()).toHaveLength(1);
  });
});
