import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../dev/sandbox/control/wire.ts';
import type { JsonObject } from '../../contracts/json.ts';
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

type When = 'before' | 'after';
const inject = (method: string, when: When, fault: Pick<FaultInput, 'kind'> & object) =>
  // The kinds differ in their members; the sandbox checks what it gets.
  harness.surroundings.sandbox.inject({ team: office.team, method, when, ...fault } as FaultInput);

const UNREADABLE = [
  { kind: 'reset' },
  { kind: 'garbage' },
  { kind: 'half' },
  { kind: 'status', status: 500 },
  { kind: 'error', error: 'fatal_error' },
] as const;

interface Write {
  capability: string;
  method: string;
  parameters: () => Promise<JsonObject>;
}
const WRITES: Write[] = [
  { capability: 'slack.post', method: 'chat.postMessage', parameters: async () => ({ channel: '#billing', text: 'Once.' }) },
  { capability: 'slack.dm', method: 'chat.postMessage', parameters: async () => ({ user: '@dana', text: 'Once.' }) },
  {
    capability: 'slack.react',
    method: 'reactions.add',
    parameters: async () => {
      const { ts } = await harness.surroundings.sandbox.seedMessage(office.team, {
        channel: 'C0BILLING1',
        user: 'U0DANA0001',
        text: 'Hi',
      });
      return { channel: '#billing', ts, emoji: 'eyes' };
    },
  },
];

const effectsOf = async (method: string) =>
  (await harness.surroundings.sandbox.effects(office.team)).filter((effect) => effect.method === method);

describe.each(WRITES)('$capability without a readable answer', ({ capability, method, parameters }) => {
  it.each(UNREADABLE)('stands once when the effect was made ($kind)', async (fault) => {
    const [callId, sent] = [office.callId(), await parameters()];
    await inject(method, 'after', fault);
    const first = await office.call(capability, sent, { callId });
    expect(first.json).toMatchObject({ code: 'call_settling', status: 409 });
    expect(Number(first.headers['retry-after'])).toBeGreaterThan(0);
    expect((await office.call(capability, sent, { callId })).json).toMatchObject({ code: 'call_settling' });
    await harness.passTime(office.orgId);
    expect((await office.call(capability, sent, { callId })).json).toMatchObject({ status: 'succeeded', replayed: true });
    expect(await effectsOf(method)).toHaveLength(1);
  });

  it.each(UNREADABLE)('goes out again when it was not ($kind)', async (fault) => {
    const [callId, sent] = [office.callId(), await parameters()];
    await inject(method, 'before', fault);
    expect((await office.call(capability, sent, { callId })).json).toMatchObject({ code: 'call_settling' });
    await harness.passTime(office.orgId);
    expect((await office.call(capability, sent, { callId })).json).toMatchObject({ status: 'succeeded', replayed: false });
    expect(await effectsOf(method)).toHaveLength(1);
  });
});

describe('a reply in a thread', () => {
  it('is found again although history leaves it out', async () => {
    const { ts } = await harness.surroundings.sandbox.seedMessage(office.team, {
      channel: 'C0BILLING1',
      user: 'U0DANA0001',
      text: 'Hi',
    });
    const [callId, sent] = [office.callId(), { channel: '#billing', text: 'Once.', thread_ts: ts }];
    await inject('chat.postMessage', 'after', { kind: 'reset' });
    await office.call('slack.post', sent, { callId });
    await harness.passTime(office.orgId);
    expect((await office.call('slack.post', sent, { callId })).json).toMatchObject({ status: 'succeeded', replayed: true });
    expect(await office.posts()).toHaveLength(1);
  });
});

describe('a call whose process died', () => {
  const [capability, sent] = ['slack.post', { channel: '#billing', text: 'Once.' }];

  /** As it stands after SIGKILL: in flight, its owner gone. */
  async function leaveInFlight(callId: string): Promise<void> {
    await harness.owner.query(
      `update hub.call_keys set state = 'in_flight', result = null, owner = 'gone' where org_id = $1 and call_id = $2`,
      [office.orgId, callId],
    );
  }

  it('row 52: is settled by a repeat after the deadline, by the job when nobody repeats', async () => {
    for (const settledBy of ['repeat', 'job']) {
      const callId = office.callId();
      await office.call(capability, sent, { callId });
      await leaveInFlight(callId);
      if (settledBy === 'job') await harness.passTime(office.orgId);
      else {
        await harness.owner.query(
          `update hub.call_keys set deadline = now() - interval '1 minute' where org_id = $1 and call_id = $2`,
          [office.orgId, callId],
        );
      }
      expect((await office.call(capability, sent, { callId })).json).toMatchObject({ status: 'succeeded', replayed: true });
    }
    expect(await office.posts()).toHaveLength(2);
  });

  it('is not touched while its lease may still be held', async () => {
    const callId = office.callId();
    await office.call(capability, sent, { callId });
    await leaveInFlight(callId);
    await harness.owner.query(`update hub.call_keys set deadline = now() + interval '1 minute' where org_id = $1`, [
      office.orgId,
    ]);
    const answer = await office.call(capability, sent, { callId });
    expect(answer.json).toMatchObject({ code: 'call_in_flight' });
    expect(answer.headers['retry-after']).toBe('2');
  });
});

describe('a call that cannot be settled at all', () => {
  it('does not keep others waiting', async () => {
    const broken = await harness.office();
    const sent = { channel: '#billing', text: 'Once.' };
    for (const one of [broken, office]) {
      await harness.surroundings.sandbox.inject({ team: one.team, method: 'chat.postMessage', when: 'after', kind: 'reset' });
      await one.call('slack.post', sent, { callId: one.callId() });
    }
    await harness.owner.query(`update hub.connections set access_token = 'not a sealed text' where org_id = $1`, [broken.orgId]);
    await harness.owner.query(`update hub.call_keys set settle_after = now() - interval '2 hours' where org_id = $1`, [
      broken.orgId,
    ]);
    await harness.passTime(office.orgId);
    const { rows } = await harness.owner.query('select state from hub.call_keys where org_id = $1', [office.orgId]);
    expect(rows).toEqual([{ state: 'succeeded' }]);
  });
});

describe('a lookup that cannot be made', () => {
  const sent = { channel: '#billing', text: 'Once.' };

  it('leaves it to a person where the provider will not show the place, and nothing goes out again', async () => {
    const callId = office.callId();
    await inject('chat.postMessage', 'after', { kind: 'reset' });
    const { sandbox } = harness.surroundings;
    await sandbox.inject({ team: office.team, method: 'conversations.history', kind: 'error', error: 'not_in_channel' });
    await office.call('slack.post', sent, { callId });
    await harness.passTime(office.orgId);
    expect((await office.call('slack.post', sent, { callId })).json).toMatchObject({
      code: 'outcome_unknown',
      receipt: { attempts: [{ outcome: 'maybe' }, { outcome: 'unknown', code: 'not_in_channel' }] },
    });
    expect(await office.posts()).toHaveLength(1);
  });

  it('is tried later when the provider is away, and settles then', async () => {
    const callId = office.callId();
    await inject('chat.postMessage', 'after', { kind: 'reset' });
    await harness.surroundings.sandbox.inject({
      team: office.team,
      method: 'conversations.list',
      kind: 'status',
      status: 500,
      times: 2,
    });
    await office.call('slack.post', sent, { callId });
    await harness.passTime(office.orgId);
    expect((await office.call('slack.post', sent, { callId })).json).toMatchObject({ code: 'call_settling' });
    await harness.passTime(office.orgId);
    expect((await office.call('slack.post', sent, { callId })).json).toMatchObject({ status: 'succeeded' });
    expect(await office.posts()).toHaveLength(1);
  });
});
