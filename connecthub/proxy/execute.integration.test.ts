import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

const MESSAGE = { channel: '#billing', text: 'Invoices are out.' };

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

const stateOf = async (callId: string) =>
  (
    await harness.owner.query('select state, attempts from hub.call_keys where org_id = $1 and call_id = $2', [
      office.orgId,
      callId,
    ])
  ).rows[0];

describe('a call', () => {
  it('happens once and answers repeats with the stored result', async () => {
    const callId = office.callId();
    const first = await office.call('slack.post', MESSAGE, { callId });
    expect(first.json).toMatchObject({
      call_id: callId,
      status: 'succeeded',
      replayed: false,
      result: { channel: 'C0BILLING1' },
    });
    const again = await office.call('slack.post', MESSAGE, { callId });
    expect(again.json).toEqual({ ...first.json, replayed: true });
    expect(await office.posts()).toHaveLength(1);
  });

  it('keeps its stored success when the grant is taken away and the run closed afterwards', async () => {
    const callId = office.callId();
    await office.call('slack.post', MESSAGE, { callId });
    await harness.owner.query(`update authz.grants set revoked_at = now() where org_id = $1`, [office.orgId]);
    await harness.owner.query(`update authz.runs set status = 'closed' where org_id = $1`, [office.orgId]);
    expect((await office.call('slack.post', MESSAGE, { callId })).json).toMatchObject({ status: 'succeeded', replayed: true });
  });

  it('makes one effect when two copies get it twenty times at once', async () => {
    const callId = office.callId();
    const other = await harness.copy();
    const copies = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? harness.hub : other));
    const answers = await Promise.all(copies.map((hub) => office.call('slack.post', MESSAGE, { callId, hub })));
    expect(await office.posts()).toHaveLength(1);
    for (const { status, json, headers } of answers) {
      if (status === 200) continue;
      expect(json).toMatchObject({ code: 'call_in_flight', status: 409 });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect(await stateOf(callId)).toMatchObject({ state: 'succeeded', attempts: 1 });
  });

  it('is told apart from the same id in another organisation', async () => {
    const other = await harness.office();
    const [one, two] = [office.callId(), other.callId()];
    await Promise.all([office.call('slack.post', MESSAGE, { callId: one }), other.call('slack.post', MESSAGE, { callId: two })]);
    expect((await office.call('slack.post', MESSAGE, { callId: two })).json).toMatchObject({ code: 'ids_disagree' });
    expect([await office.posts(), await other.posts()].map((posts) => posts.length)).toEqual([1, 1]);
  });
});

describe('the same id with other parameters', () => {
  it('stops a write and shows the receipt', async () => {
    const callId = office.callId();
    await office.call('slack.post', MESSAGE, { callId });
    const changed = await office.call('slack.post', { ...MESSAGE, text: 'Something else.' }, { callId });
    expect(changed.status).toBe(409);
    expect(changed.json).toMatchObject({ code: 'call_digest_conflict', receipt: { call_id: callId, outcome: 'succeeded' } });
    expect(await office.posts()).toHaveLength(1);
    expect(await office.refusals(callId)).toEqual(['call_digest_conflict']);
  });

  it('runs a read anew, and remembers both', async () => {
    const callId = office.callId();
    const billing = await office.call('slack.read', { channel: '#billing' }, { callId });
    const support = await office.call('slack.read', { channel: '#support' }, { callId });
    expect([billing.json['result'], support.json['result']]).toMatchObject([
      { channel: 'C0BILLING1' },
      { channel: 'C0SUPPORT1' },
    ]);
    const replays = await Promise.all([
      office.call('slack.read', { channel: '#billing' }, { callId }),
      office.call('slack.read', { channel: '#support' }, { callId }),
    ]);
    expect(replays.map(({ json }) => [json['replayed'], json['call_id']])).toEqual([
      [true, callId],
      [true, callId],
    ]);
  });
});

describe('what a provider says', () => {
  it('is recorded even where the database cannot hold all of its characters', async () => {
    const callId = office.callId();
    const message = { channel: 'C0BILLING1', user: 'U0DANA0001', text: 'nul \0, half \uD83D' };
    await harness.surroundings.sandbox.seedMessage(office.team, message);
    const first = await office.call('slack.read', { channel: '#billing' }, { callId });
    expect(first.json).toMatchObject({ status: 'succeeded', replayed: false });
    expect(JSON.stringify(first.json)).toContain('nul \uFFFD, half \uFFFD');
    const again = await office.call('slack.read', { channel: '#billing' }, { callId });
    expect(again.json).toEqual({ ...first.json, replayed: true });
  });
});

describe('a refusal of the provider', () => {
  it('is final where nothing but the parameters could change it, and is not asked for twice', async () => {
    const callId = office.callId();
    const { team } = office;
    await harness.surroundings.sandbox.inject({ team, method: 'chat.postMessage', kind: 'error', error: 'msg_too_long' });
    for (let i = 0; i < 2; i += 1) {
      expect((await office.call('slack.post', MESSAGE, { callId })).json).toMatchObject({
        code: 'provider_refused',
        provider_code: 'msg_too_long',
      });
    }
    expect(await stateOf(callId)).toMatchObject({ state: 'refused', attempts: 1 });
  });

  it('can be tried again where something else can change, with other parameters too', async () => {
    const callId = office.callId();
    const answer = await office.call('slack.post', { ...MESSAGE, channel: '#leadership' }, { callId });
    expect(answer.json).toMatchObject({ code: 'provider_refused', provider_code: 'not_in_channel', status: 422 });
    expect((await office.call('slack.post', MESSAGE, { callId })).status).toBe(200);
    expect(await stateOf(callId)).toMatchObject({ state: 'succeeded', attempts: 2 });
  });
});
