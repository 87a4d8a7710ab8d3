import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { HubCopy } from '../testing/hub-copy.ts';
import type { Office } from '../testing/office.ts';

const MESSAGE = { channel: '#billing', text: 'Once.' };
const OTHER = { channel: '#billing', text: 'Something else.' };

let harness: HubHarness;
let second: HubCopy;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
  second = await harness.copy();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

const query = async (statement: string) => (await harness.owner.query(statement, [office.orgId])).rows;
const ledger = () => query('select state, attempts from hub.call_keys where org_id = $1');
const receipts = () => query('select outcome, jsonb_array_length(attempts) as attempts from hub.receipts where org_id = $1');

describe('one call id', () => {
  it('row 53: makes one effect when fifty ask two copies at once, and all hear of the same one in the end', async () => {
    const callId = office.callId();
    const ask = (n: number) => office.call('slack.post', MESSAGE, { callId, hub: n % 2 === 0 ? harness.hub : second });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => ask(n)));
    const made = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status !== 200).map(({ json }) => json['code']);
    expect(made.filter(({ json }) => json['replayed'] === false)).toHaveLength(1);
    expect(refused.filter((code) => code !== 'call_in_flight')).toEqual([]);
    const later = await Promise.all(Array.from({ length: 50 }, (_, n) => ask(n)));
    expect(new Set(later.map(({ text }) => text)).size).toBe(1);
    expect(later[0]?.json).toMatchObject({ status: 'succeeded', replayed: true });
    expect(await office.posts()).toHaveLength(1);
    expect([await ledger(), await receipts()]).toEqual([
      [{ state: 'succeeded', attempts: 1 }],
      [{ outcome: 'succeeded', attempts: 1 }],
    ]);
  });

  it('with other parameters while the first ones are under way is told to wait, and sends nothing', async () => {
    const { callId, first, barrier } = await heldPost();
    expect((await office.call('slack.post', OTHER, { callId, hub: second })).json).toMatchObject({ code: 'call_in_flight' });
    await barrier.release();
    expect((await first).json).toMatchObject({ status: 'succeeded' });
    expect((await office.posts()).map(({ text }) => text)).toEqual([MESSAGE.text]);
  });

  it('with other parameters while nobody knows of the first ones is told to wait, and sends nothing', async () => {
    const { callId, first, barrier } = await heldPost();
    await barrier.release('drop');
    expect((await first).json).toMatchObject({ code: 'call_settling' });
    expect((await office.call('slack.post', OTHER, { callId, hub: second })).json).toMatchObject({ code: 'call_settling' });
    expect((await office.posts()).map(({ text }) => text)).toEqual([MESSAGE.text]);
    expect(await ledger()).toEqual([{ state: 'maybe', attempts: 1 }]);
  });

  /** A post whose effect is made and whose answer is held. */
  async function heldPost() {
    const callId = office.callId();
    const { sandbox } = harness.surroundings;
    const barrier = await sandbox.barrier({ team: office.team, method: 'chat.postMessage' });
    const first = office.call('slack.post', MESSAGE, { callId });
    await barrier.waitUntilHeld();
    return { callId, first, barrier };
  }
});

describe('a repeat in the next month, a moment after midnight', () => {
  /** Everything that the call left behind was written a moment before this month began, UTC. */
  async function passMidnight(): Promise<void> {
    const before = `date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' - interval '1 second'`;
    // The receipt is found by the moment of the key: both move, the receipt into another partition.
    await harness.owner.query(`update hub.receipts set created_at = ${before} where org_id = $1`, [office.orgId]);
    await harness.owner.query(`update hub.call_keys set created_at = ${before} where org_id = $1`, [office.orgId]);
  }
  const partitions = () => query('select tableoid::regclass::text as partition from hub.receipts where org_id = $1');

  it('is answered with the stored result, and opens no second receipt', async () => {
    const callId = office.callId();
    const first = await office.call('slack.post', MESSAGE, { callId });
    const before = await partitions();
    await passMidnight();
    expect(await partitions()).not.toEqual(before);
    const again = await office.call('slack.post', MESSAGE, { callId, hub: second });
    expect(again.json).toEqual({ ...first.json, replayed: true });
    expect(await receipts()).toEqual([{ outcome: 'succeeded', attempts: 1 }]);
    expect(await office.posts()).toHaveLength(1);
  });

  it('finds what was in flight when its process died, and writes it in the receipt of that day', async () => {
    const callId = office.callId();
    const { sandbox } = harness.surroundings;
    await sandbox.inject({ team: office.team, method: 'chat.postMessage', kind: 'reset', when: 'after' });
    await office.call('slack.post', MESSAGE, { callId });
    await query(`update hub.call_keys set state = 'in_flight', settle_after = null where org_id = $1`);
    await passMidnight();
    await harness.passTime(office.orgId, second);
    expect((await office.call('slack.post', MESSAGE, { callId })).json).toMatchObject({ status: 'succeeded', replayed: true });
    expect([(await ledger())[0], (await receipts())[0]?.outcome, (await partitions()).length]).toEqual([
      { state: 'succeeded', attempts: 1 },
      'succeeded',
      1,
    ]);
    expect(await office.posts()).toHaveLength(1);
  });

  it('goes out again where the provider had refused it before midnight', async () => {
    const callId = office.callId();
    const { sandbox } = harness.surroundings;
    await sandbox.inject({ team: office.team, method: 'chat.postMessage', kind: 'status', status: 429 });
    await office.call('slack.post', MESSAGE, { callId });
    await passMidnight();
    await harness.passTime(office.orgId);
    expect((await office.call('slack.post', MESSAGE, { callId })).json).toMatchObject({ status: 'succeeded', replayed: false });
    expect([await ledger(), await receipts()]).toEqual([
      [{ state: 'succeeded', attempts: 2 }],
      [{ outcome: 'succeeded', attempts: 2 }],
    ]);
    expect(await office.posts()).toHaveLength(1);
  });
});
