import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { hookHarness, type HookHarness } from '../testing/hooks.ts';
import type { Office } from '../testing/office.ts';

let h: HookHarness;
let office: Office;
beforeAll(async () => {
  h = await hookHarness();
}, 120_000);
afterAll(() => h.close());
afterEach(() => h.agentCore.assertNothingWrong());
beforeEach(async () => {
  office = await h.office({ provider: 'gmail' });
});

const gmail = () => h.surroundings.sandbox.gmail;
const receiving = () => office.asPerson('PUT', `/connections/${office.connectionId}/receiving`, { body: { receiving: true } });
const listen = async () => {
  expect((await receiving()).json).toMatchObject({ receiving: true, last_error: null });
  await h.renew();
  await h.forward();
};
const arrives = (subject: string) =>
  gmail().receive(office.team, { from: 'Ada <ada@outside.example>', subject, text: `About: ${subject}` });
const push = () => h.deliver('gmail', { mailbox: office.team });
const told = () => h.agentCore.of(office.orgId).map(({ payload }) => payload['subject']);

it('a mail that arrives is told once, by its headers and first words', async () => {
  await listen();
  expect(await gmail().watch(office.team)).toMatchObject({ topic: 'projects/clancy-sandbox/topics/gmail' });
  await arrives('The contract');
  await push();
  await push();
  await h.forward();
  await arrives('The second');
  await push();
  await h.forward();
  expect(h.agentCore.of(office.orgId)).toMatchObject([
    {
      type: 'gmail.message',
      payload: { from: 'ada@outside.example', from_name: 'Ada', subject: 'The contract', message_id: expect.any(String) },
    },
    { payload: { subject: 'The second' } },
  ]);
  expect((await h.events(office.orgId)).every(({ state }) => state === 'sent')).toBe(true);
});

it('many mails behind one push come page by page, in order', async () => {
  await listen();
  const subjects = Array.from({ length: 40 }, (_, n) => `Mail ${n}`);
  for (const subject of subjects) await arrives(subject);
  await push();
  await h.forward();
  expect(told()).toEqual(subjects);
});

it('what was there before, and what we sent ourselves, is no news', async () => {
  await listen();
  await office.call('email.send', { to: [office.team], subject: 'To myself', body: 'x' });
  await arrives('From outside');
  await push();
  await h.forward();
  expect(told()).toEqual(['From outside']);
});

it('where the history no longer reaches back, the newest mails are looked at, those known by now left out', async () => {
  await listen();
  await arrives('Known');
  await push();
  await h.forward();
  await arrives('Missed');
  await gmail().changeSettings(office.team, { forgets_history: true });
  await arrives('After it');
  await push();
  await h.forward();
  expect(told()).toEqual(['Known', 'Missed', 'After it']);
  await arrives('Goes on');
  await push();
  await h.forward();
  expect(told().at(-1)).toBe('Goes on');
});

it('the watch is asked for again when it is due, and what no push told is read then', async () => {
  await listen();
  const { endsAtMs: before = 0 } = (await gmail().watch(office.team)) ?? {};
  await arrives('No push told of it');
  expect(await h.renew()).toBe(0);
  await h.owner.query(`update hub.webhook_subscriptions set renew_at = now() - interval '1 s' where org_id = $1`, [office.orgId]);
  expect(await h.renew()).toBe(1);
  await h.forward();
  expect(told()).toEqual(['No push told of it']);
  expect((await gmail().watch(office.team))?.endsAtMs).toBeGreaterThan(before);
  const state = (await office.asPerson('GET', `/connections/${office.connectionId}/receiving`)).json;
  const days = (Date.parse(String(state['ends_at'])) - Date.parse(String(state['renews_at']))) / 86_400_000;
  expect(days).toBeGreaterThan(5);
});

it('an account that is connected anew is asked for at once', async () => {
  await listen();
  expect(await h.renew()).toBe(0);
  await office.connect();
  expect(await h.renew()).toBe(1);
});

it('a provider that does not answer is asked again, and says why meanwhile', async () => {
  await h.surroundings.sandbox.inject({ team: office.team, method: 'watch', kind: 'status', status: 503 });
  await receiving();
  await h.renew();
  const path = `/connections/${office.connectionId}/receiving`;
  expect((await office.asPerson('GET', path)).json).toMatchObject({ last_error: expect.any(String), ends_at: null });
  expect(await h.renew()).toBe(0);
  await h.passPauses(office.orgId);
  expect(await h.renew()).toBe(1);
  expect((await office.asPerson('GET', path)).json).toMatchObject({ last_error: null, ends_at: expect.any(String) });
});

it('a reading that fails half-way loses nothing and tells nothing twice', async () => {
  await listen();
  for (let n = 0; n < 30; n += 1) await arrives(`Mail ${n}`);
  await h.surroundings.sandbox.inject({ team: office.team, method: 'messages.get', kind: 'status', status: 503, nth: 28 });
  await push();
  await h.forward();
  expect(told().length).toBeLessThan(30);
  await h.passPauses(office.orgId);
  await h.forward();
  expect(told()).toEqual(Array.from({ length: 30 }, (_, n) => `Mail ${n}`));
});

it('a mailbox that nobody listens to is not read', async () => {
  await listen();
  await office.asPerson('PUT', `/connections/${office.connectionId}/receiving`, { body: { receiving: false } });
  await arrives('Private');
  await push();
  await h.forward();
  expect(told()).toEqual([]);
});

it('a person who may not connect accounts cannot listen to them, nor can another organisation', async () => {
  const body = { receiving: true };
  const path = `/connections/${office.connectionId}/receiving`;
  expect((await office.asPerson('PUT', path, { body, role: 'operator', userId: 'user_operator' })).status).toBe(403);
  const other = await h.office();
  expect((await other.asPerson('PUT', path, { body })).status).toBe(404);
  expect((await other.asPerson('GET', path)).status).toBe(404);
});
