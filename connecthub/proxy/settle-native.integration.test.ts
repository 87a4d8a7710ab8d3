import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { settleStaleCalls } from './settle.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

let harness: HubHarness;
let office: Office;
let callId: string;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office({ provider: 'quickbooks' });
  callId = office.callId();
});

const INVOICE = { customer: '4', currency: 'USD', lines: [{ description: 'Boxes', amount: 250, item: '1' }] };
const create = () => office.call('invoice.create', INVOICE, { callId });
const loseAnswer = (when: 'before' | 'after', method = 'invoice.create') =>
  harness.surroundings.sandbox.inject({ team: office.team, method, when, kind: 'reset' });
/** The requests that may make something, with their keys. */
const sent = async (method = 'invoice.create') =>
  (await harness.surroundings.sandbox.requests(office.team))
    .filter((one) => one.method === method)
    .map(({ args }) => args['requestid']);
const effects = async () => (await harness.surroundings.sandbox.quickbooks.effects(office.team)).map(({ method }) => method);
const looked = async () =>
  (await harness.surroundings.sandbox.requests(office.team)).filter((one) =>
    String(one.args['query']).includes('MetaData.CreateTime'),
  ).length;
const receipt = async () => (await office.asPerson('GET', `/receipts/${encodeURIComponent(callId)}`)).json;

/** The time after which a call may be settled comes; nobody's job settles it meanwhile. */
const letSettleTimeCome = (since = '1 second') =>
  harness.owner.query(
    `update hub.call_keys set deadline = now() - $2::interval, settle_after = now() - $2::interval where org_id = $1 and call_id = $3`,
    [office.orgId, since, callId],
  );

/** The first attempt was that long ago. */
async function age(interval: string): Promise<void> {
  for (const table of ['call_keys', 'receipts'])
    await harness.owner.query(`update hub.${table} set created_at = created_at - $2::interval where org_id = $1`, [
      office.orgId,
      interval,
    ]);
}

describe('an answer that was lost', () => {
  it.each(['before', 'after'] as const)('is had by sending the same request again (lost %s the effect)', async (when) => {
    await loseAnswer(when);
    expect((await create()).json).toMatchObject({ code: 'call_settling', status: 409 });
    await letSettleTimeCome();
    const again = await create();
    expect(again.json).toMatchObject({ status: 'succeeded', result: { amount: 250, customer: 'Larkfield Studio' } });
    const keys = await sent();
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
    expect(await effects()).toEqual(['invoice.create']);
    expect(await looked()).toBe(0);
    expect(await receipt()).toMatchObject({
      outcome: 'succeeded',
      attempts: [{ outcome: 'maybe' }, { outcome: 'succeeded', code: 'sent_again' }],
    });
    expect((await create()).json).toMatchObject({ replayed: true });
  });

  it('is had although twenty ask at a time', async () => {
    await loseAnswer('after');
    await create();
    await letSettleTimeCome();
    const answers = await Promise.all(Array.from({ length: 20 }, create));
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect((await create()).json).toMatchObject({ status: 'succeeded' });
    expect(await sent()).toHaveLength(2);
    expect(await effects()).toEqual(['invoice.create']);
  });

  it('is waited for when the second request gets none either', async () => {
    await loseAnswer('after');
    await create();
    await letSettleTimeCome();
    await loseAnswer('after');
    expect((await create()).json).toMatchObject({ code: 'call_settling' });
    await letSettleTimeCome();
    expect((await create()).json).toMatchObject({ status: 'succeeded' });
    expect(await effects()).toEqual(['invoice.create']);
  });

  it('is looked for by the marker where a second request is refused: a no says nothing of the first', async () => {
    await loseAnswer('after');
    await create();
    await letSettleTimeCome();
    await harness.surroundings.sandbox.inject({ team: office.team, method: 'invoice.create', kind: 'error', error: '2020' });
    expect((await create()).json).toMatchObject({ status: 'succeeded', result: { amount: 250 } });
    expect(await looked()).toBe(1);
    expect(await effects()).toEqual(['invoice.create']);
  });
});

describe('a provider that wants to be left alone', () => {
  it('is left alone with the second request too, for as long as it says', async () => {
    await loseAnswer('after');
    await create();
    await letSettleTimeCome();
    await harness.surroundings.sandbox.inject({ team: office.team, method: 'invoice.create', kind: 'status', status: 429 });
    const told = await create();
    expect(told.json).toMatchObject({ code: 'call_settling' });
    expect(Number(told.headers['retry-after'])).toBeGreaterThan(50);
    expect((await office.call('customer.list', {})).json).toMatchObject({ code: 'provider_rate_limited' });
    expect(await effects()).toEqual(['invoice.create']);
  });
});

describe('past the window', () => {
  it.each([
    ['after', 1],
    ['before', 2],
  ] as const)('nothing is sent on trust: the marker is looked for (lost %s the effect)', async (when, requests) => {
    await loseAnswer(when);
    await create();
    await letSettleTimeCome();
    await age('20 minutes');
    expect((await create()).json).toMatchObject({ status: 'succeeded', result: { amount: 250 } });
    expect(await looked()).toBe(1);
    expect(await sent()).toHaveLength(requests);
    expect(await effects()).toEqual(['invoice.create']);
  });
});

describe('a right that was taken away meanwhile', () => {
  const takeGrant = () => harness.owner.query('update authz.grants set revoked_at = now() where org_id = $1', [office.orgId]);

  it('sends nothing again; what was done is found', async () => {
    await loseAnswer('after');
    await create();
    await letSettleTimeCome();
    await takeGrant();
    expect((await create()).json).toMatchObject({ status: 'succeeded' });
    expect(await sent()).toHaveLength(1);
    expect(await looked()).toBe(1);
  });

  it('sends nothing again; what was not done stays undone', async () => {
    await loseAnswer('before');
    await create();
    await letSettleTimeCome();
    await takeGrant();
    expect((await create()).json).toMatchObject({ code: 'grant_missing' });
    expect(await effects()).toEqual([]);
  });
});

describe("ConnectHub's own job", () => {
  const job = () => settleStaleCalls(harness.hub.parts, 100);

  it('leaves a call to whoever repeats it for a while, then looks for the marker', async () => {
    await loseAnswer('after');
    await create();
    await letSettleTimeCome();
    await job();
    expect(await receipt()).toMatchObject({ outcome: 'maybe' });
    await letSettleTimeCome('1 minute');
    await job();
    expect(await receipt()).toMatchObject({ outcome: 'succeeded', attempts: [{}, { code: 'found_by_lookup' }] });
    expect(await sent()).toHaveLength(1);
  });
});

describe('a mail', () => {
  const send = () => office.call('invoice.send', { id: '147', send_to: 'a@hillside.example' }, { callId });

  it('is never sent on trust, whatever key goes with it: it is looked for', async () => {
    await loseAnswer('after', 'invoice.send');
    await send();
    await letSettleTimeCome();
    expect((await send()).json).toMatchObject({ status: 'succeeded', result: { id: '147', sent_to: 'a@hillside.example' } });
    expect(await sent('invoice.send')).toHaveLength(1);
  });

  it('that was not sent goes out once it is known', async () => {
    await loseAnswer('before', 'invoice.send');
    await send();
    await letSettleTimeCome();
    expect((await send()).json).toMatchObject({ status: 'succeeded' });
    expect(await effects()).toEqual(['invoice.send']);
  });

  it('of long ago is not taken for this one', async () => {
    callId = office.callId();
    await loseAnswer('before', 'invoice.send');
    const resend = () => office.call('invoice.send', { id: '142' }, { callId });
    await resend();
    await letSettleTimeCome();
    expect((await resend()).json).toMatchObject({ status: 'succeeded' });
    expect(await effects()).toEqual(['invoice.send']);
  });
});
