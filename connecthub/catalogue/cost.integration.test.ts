import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogueSchema } from '../../contracts/capability.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
  office = await harness.office({ provider: 'gmail' });
}, 120_000);
afterAll(() => harness.close());

const MAIL = { to: 'rosa@harbourcafe.example', subject: 'Reminder', body: 'Please pay.' };

async function costs() {
  const { json } = await office.asPerson('GET', '/capabilities?provider=gmail');
  const [provider] = catalogueSchema.parse(json).providers;
  return Object.fromEntries(provider?.capabilities.map(({ capability, cost }) => [capability, cost]) ?? []);
}

async function receiptOf(callId: string) {
  return (await office.asPerson('GET', `/receipts/${encodeURIComponent(callId)}`)).json;
}

async function spentBy(capability: string, parameters: JsonObject) {
  const callId = office.callId();
  expect((await office.call(capability, parameters, { callId })).json).toMatchObject({ status: 'succeeded' });
  return (await receiptOf(callId))['cost_units'];
}

it('the catalogue says what a call of one request takes, and its receipt says the same', async () => {
  const { sandbox } = harness.surroundings;
  const { id } = await sandbox.gmail.receive(office.team, { from: 'ada@outside.example', subject: 'Hi', text: 'Hi' });
  const said = await costs();
  expect(said).toEqual({
    'email.search': 5,
    'email.read': 5,
    'email.send': 100,
    'email.reply': 100,
    'email.draft': 10,
    'email.label': 5,
    'thread.read': 10,
  });
  expect(await spentBy('email.read', { id })).toBe(said['email.read']);
  expect(await spentBy('email.send', MAIL)).toBe(said['email.send']);
  expect(await spentBy('email.draft', MAIL)).toBe(said['email.draft']);
  // What is read on the way comes on top: the answered email, the labels, each email that is found.
  expect(await spentBy('email.reply', { id, to: 'ada@outside.example', body: 'Yes.' })).toBe(100 + 5);
  expect(await spentBy('email.label', { id, label: 'Handled' })).toBe(5 + 1);
  expect(await spentBy('email.search', { query: 'subject:Hi from:ada@outside.example', limit: 1 })).toBe(5 + 5);
});

it('a receipt says what each attempt took, and what looking for its effect did', async () => {
  const callId = office.callId();
  await harness.surroundings.sandbox.inject({ team: office.team, method: 'messages.send', when: 'after', kind: 'reset' });
  await office.call('email.send', MAIL, { callId });
  await harness.passTime(office.orgId);
  expect(await receiptOf(callId)).toMatchObject({
    outcome: 'succeeded',
    attempts: [
      { outcome: 'maybe', cost_units: 100 },
      { outcome: 'succeeded', cost_units: 5 },
    ],
    cost_units: 105,
  });
});

it('what a provider refused counts too; a call that is answered from before takes nothing', async () => {
  const callId = office.callId();
  const status = { method: 'messages.send', when: 'before', kind: 'status', status: 429, retry_after: 0 } as const;
  await harness.surroundings.sandbox.inject({ team: office.team, ...status });
  const send = async () => (await office.call('email.send', MAIL, { callId })).json;
  expect(await send()).toMatchObject({ code: 'provider_rate_limited' });
  expect(await receiptOf(callId)).toMatchObject({ attempts: [{ outcome: 'refused', cost_units: 100 }], cost_units: 100 });
  await harness.owner.query('delete from hub.provider_limits where org_id = $1', [office.orgId]);
  expect(await send()).toMatchObject({ replayed: false });
  expect(await send()).toMatchObject({ replayed: true });
  expect(await receiptOf(callId)).toMatchObject({ attempts: [{}, { outcome: 'succeeded' }], cost_units: 200 });
});
