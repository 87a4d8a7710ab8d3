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
  office = await h.office();
  h.agentCore.statuses.length = 0;
  h.agentCore.refuse = () => false;
  h.agentCore.beforeAnswer = async () => undefined;
});

const write = async (text: string, of = office) => {
  const event = { type: 'message', channel: 'C0BILLING1', user: 'U0DANA0001', text, ts: '1.1' };
  expect(await h.deliver('slack', { team: of.team, event })).toEqual([200]);
};
const told = (of = office) => h.agentCore.of(of.orgId).map(({ text }) => text);
const states = async (of = office) => (await h.events(of.orgId)).map(({ state }) => state);

it('events of a connection arrive in the order in which they came, whichever copies carry them', async () => {
  const texts = Array.from({ length: 25 }, (_, n) => `message ${n}`);
  for (const text of texts) await write(text);
  await Promise.all([h.forward(0), h.forward(1), h.forward(0), h.forward(1)]);
  expect(told()).toEqual(texts);
});

it('is stored behind whatever is being stored for its connection, so that no order can change afterwards', async () => {
  const lock = `select pg_advisory_xact_lock(hashtextextended('webhook ${office.orgId} ${office.connectionId}', 0))`;
  await h.owner.query('begin');
  await h.owner.query(lock);
  const written = write('waits');
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`;
  await expect.poll(async () => (await h.owner.query(waiting)).rowCount, { timeout: 10_000 }).toBe(1);
  await h.owner.query('commit');
  await written;
  expect(await states()).toEqual(['unsent']);
  await h.forward();
});

it.each([503, 500, 401, 403, 408, 429])('an event that meets %i waits, and those behind it wait for it', async (status) => {
  await write('first');
  await write('second');
  h.agentCore.statuses.push(status, status);
  await h.forward();
  await h.forward();
  expect(told()).toEqual([]);
  for (let n = 0; n < 2; n += 1) {
    await h.passPauses(office.orgId);
    await h.forward();
  }
  expect(told()).toEqual(['first', 'second']);
});

it('an event that is refused for what it is is parked after five times, and holds nobody up longer', async () => {
  const neighbour = await h.office();
  await write('poison');
  await write('behind it');
  await write('elsewhere', neighbour);
  h.agentCore.refuse = ({ text }) => text === 'poison';
  await h.forward();
  expect(told(neighbour)).toEqual(['elsewhere']);
  expect(await states()).toEqual(['unsent', 'unsent']);
  while ((await states())[0] === 'unsent') {
    await h.passPauses(office.orgId);
    await h.forward();
  }
  expect(await states()).toEqual(['parked', 'sent']);
  expect(told()).toEqual(['behind it']);

  const parked = (await office.asPerson('GET', '/webhooks/events?state=parked')).json as { items: { event_id: string }[] };
  expect(parked.items).toMatchObject([
    { type: 'slack.message', state: 'parked', last_error: 'Agent-Core answered 422', attempts: 5 },
  ]);
  expect(JSON.stringify(parked)).not.toContain('poison');
  expect((await office.asPerson('GET', '/health')).json['webhooks']).toMatchObject({ parked: expect.any(Number) });
  const path = `/webhooks/events/${parked.items[0]?.event_id}/retry`;
  expect((await neighbour.asPerson('POST', path)).status).toBe(404);
  expect((await office.asPerson('POST', path, { role: 'viewer', userId: 'user_viewer' })).status).toBe(403);
  h.agentCore.refuse = () => false;
  expect((await office.asPerson('POST', path)).json).toMatchObject({ state: 'unsent' });
  await h.forward();
  expect(told()).toEqual(['behind it', 'poison']);
  expect((await office.asPerson('POST', path)).json).toMatchObject({ code: 'conflict' });
});

it('an event that was taken, but whose answer was lost, is sent again under its id and has no second effect', async () => {
  await write('once');
  let isLost = true;
  h.agentCore.beforeAnswer = async () => {
    if (isLost) throw new Error('lost on purpose');
  };
  await h.forward();
  expect(() => h.agentCore.assertNothingWrong()).toThrow('lost on purpose');
  isLost = false;
  expect(await states()).toEqual(['unsent']);
  await h.passPauses(office.orgId);
  await h.forward(1);
  expect(told()).toEqual(['once']);
  expect(await states()).toEqual(['sent']);
  const [taken] = h.agentCore.of(office.orgId);
  expect(h.agentCore.arrived.filter((id) => id === taken?.trigger_id)).toHaveLength(2);
});

it('what a copy holds that died is carried by another when its lease has ended, and not before', async () => {
  await write('held');
  await h.copies[0].parts.database.jobs.claimWebhookEvents('a copy that died', 1_000, 60_000);
  expect(await h.forward(1)).toBe(0);
  await h.passPauses(office.orgId);
  await h.forward(1);
  expect(told()).toEqual(['held']);
});

it('what ended long ago is deleted; what waits is not, however old', async () => {
  await write('old and sent');
  await h.forward();
  await write('old and waiting');
  await write('new and waiting');
  await h.owner.query(
    `update hub.webhook_events set received_at = now() - interval '40 days',
       sent_at = case when sent_at is not null then now() - interval '31 days' end
     where org_id = $1 and position in (select position from hub.webhook_events where org_id = $1 order by position limit 2)`,
    [office.orgId],
  );
  expect(await h.copies[0].parts.database.jobs.cleanWebhookEvents(30, 100)).toBe(1);
  expect(await states()).toEqual(['unsent', 'unsent']);
  const { webhooks } = (await office.asPerson('GET', '/health')).json as {
    webhooks: { unsent: number; oldest_unsent_seconds: number };
  };
  expect(webhooks.unsent).toBeGreaterThanOrEqual(2);
  expect(webhooks.oldest_unsent_seconds).toBeGreaterThan(39 * 86_400);
  expect((await office.asPerson('GET', '/health')).json['status']).toBe('degraded');
  await h.forward();
});
