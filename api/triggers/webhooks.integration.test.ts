import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call } from '../testing/call.ts';
import type { TestPerson } from '../testing/people.ts';
import { hireFor, sendTo, slackMessage } from '../testing/send-trigger.ts';
import { serviceToken } from '../testing/service-token.ts';

const JOB = 'When somebody posts a question in #billing, react to it with :eyes:.';

let core: TestCore;
let hub: { token: string };
let owner: TestPerson;
let employee: { employee_id: string; subscriptions: { subscription_id: string }[] };
let send: ReturnType<typeof sendTo>;

beforeAll(async () => {
  // Temporal is away: what is accepted waits.
  core = await startTestCore();
  hub = await serviceToken(core, 'connecthub');
  send = sendTo(core);
  owner = await core.person('owner');
  employee = await hireFor(core.copy.url, owner, JOB, 'Billing clerk');
});
afterAll(() => core.stop());

const message = (channel: string, text = 'Where is my invoice?', more: object = {}) =>
  slackMessage(owner.orgId, channel, text, { connection_id: connectionId(), ...more });
const connectionId = (): string => core.hub.catalogue.providers[0]?.connections[0]?.connection_id ?? '';
const show = async (path: string) => (await call(core.copy.url, owner, path)).json;
const rows = (query: string) => asOwner(core.database.ownerUrl, query, [owner.orgId]);

test('activation subscribes to the event that the job description states, in the name of whoever activates', async () => {
  const expected = {
    employee_id: employee.employee_id,
    owner_user_id: owner.userId,
    type: 'slack.message',
    connection_id: connectionId(),
    filter: { channel: 'billing' },
    entry_skills: ['acknowledge_message'],
    sentence: JOB,
    status: 'active',
  };
  expect(employee.subscriptions).toMatchObject([expected]);
  expect((await show('/v1/subscriptions')).items).toMatchObject([expected]);
});

test('an event in the right channel starts a run in the owner’s name; what came from outside overrides nothing', async () => {
  const sent = message('billing');
  const hostile = { ...sent, payload: { ...sent.payload, emoji: 'skull', target: '#all', duties: ['x'] } };
  const answer = await send(hub, hostile);
  expect([answer.status, answer.json]).toMatchObject([202, { trigger_id: sent.trigger_id, decision: 'started' }]);
  const [started] = answer.json.runs;
  expect(started.employee_id).toBe(employee.employee_id);
  const run = await show(`/v1/runs/${encodeURIComponent(started.run_id)}`);
  expect(run.initiator).toEqual({ type: 'event', id: owner.userId, trigger_id: sent.trigger_id });
  expect(run.trigger).toMatchObject({
    type: 'external_event',
    source: `webhook:slack:${connectionId()}`,
    trigger_id: sent.trigger_id,
    entry_skills: ['acknowledge_message'],
  });
  expect(Object.keys(run.trigger.payload).toSorted()).toEqual(['event', 'message']);
  expect(run.trigger.payload.message).toEqual({
    channel: 'C0BILLING',
    ts: sent.payload.ts,
    user: 'U0ANN',
    text: 'Where is my invoice?',
  });
  expect(run.supervisor).toMatchObject({ trigger_id: sent.trigger_id, rule: 'subscription', score: 1, runner_up: null });
  expect(run.supervisor.reason).toContain('Billing clerk is subscribed to slack.message with channel billing');
});

test.each([
  ['another channel', () => message('random')],
  ['another connection', () => message('billing', 'x', { connection_id: 'conn_other' })],
  ['another event', () => message('billing', 'x', { type: 'slack.reaction_added' })],
  ['a bot’s message', () => message('billing', 'x', { payload: { channel_name: 'billing', bot_id: 'B1' } })],
  ['words that name the employee’s duty', () => message('random', 'React to the question in #billing with :eyes: please')],
])('%s starts nobody, is kept and can be counted', async (_what, make) => {
  const sent = make();
  const answer = await send(hub, sent);
  expect([answer.status, answer.json]).toEqual([202, { trigger_id: sent.trigger_id, decision: 'unmatched', runs: [] }]);
  const { items } = await show('/v1/triggers?decision=unmatched&limit=1');
  expect(items[0]).toMatchObject({ trigger_id: sent.trigger_id, rule: 'none', runs: [] });
  expect(items[0].reason).not.toBe('');
  expect(await show(`/v1/triggers/${sent.trigger_id}`)).toMatchObject({ payload: sent.payload, text: sent.text });
});

test('twenty at once are one run, and each is told the same; another body under the id is refused', async () => {
  const other = await core.addCopy();
  const sent = message('billing', 'Once?');
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      call(index % 2 === 0 ? core.copy.url : other.url, hub, '/v1/triggers', { body: sent }),
    ),
  );
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(answers[0]?.json.decision).toBe('started');
  const made = `select 1 from core.runs where org_id = $1 and trigger ->> 'trigger_id' = '${sent.trigger_id}'`;
  expect(await rows(made)).toHaveLength(1);
  const changed = await send(hub, { ...sent, text: 'Twice?' });
  expect([changed.status, changed.json.code]).toEqual([409, 'conflict']);
});

test('an event that comes again under other ids starts nothing more, and leads to the first run', async () => {
  const sent = message('billing', 'Again?');
  const first = await send(hub, sent);
  const again = Array.from({ length: 8 }, () => ({ ...sent, trigger_id: randomUUID() }));
  const answers = await Promise.all(again.map((body) => send(hub, body)));
  for (const [index, { json }] of answers.entries()) {
    expect(json).toEqual({ trigger_id: again[index]?.trigger_id, decision: 'duplicate', runs: first.json.runs });
  }
  expect((await send(hub, again[0])).json).toEqual(answers[0]?.json);
});

test('a subscription whose owner has left is stopped until somebody activates the employee again', async () => {
  const leaver = await core.person('owner', owner.orgId);
  const { employee_id: id } = await hireFor(core.copy.url, leaver, JOB.replace('#billing', '#leaving'), 'Leaver’s clerk');
  await asOwner(core.database.ownerUrl, 'update authz.memberships set removed_at = now() where user_id = $1', [leaver.userId]);
  const refused = await send(hub, message('leaving'));
  expect(refused.json.decision).toBe('unmatched');
  expect((await show(`/v1/triggers/${refused.json.trigger_id}`)).reason).toContain('needs_owner');
  const subscribed = `/v1/subscriptions?employee_id=${id}`;
  expect((await show(subscribed)).items).toMatchObject([{ status: 'needs_owner', owner_user_id: leaver.userId }]);
  await call(core.copy.url, owner, `/v1/employees/${id}/activate`, { body: {} });
  expect((await show(subscribed)).items).toMatchObject([{ status: 'active', owner_user_id: owner.userId }]);
  expect((await send(hub, message('leaving'))).json.decision).toBe('started');
});

test('another version brings its own subscriptions, and a retired employee has none', async () => {
  const { employee_id: id, subscriptions } = await hireFor(core.copy.url, owner, JOB.replace('#billing', '#old'), 'Mover');
  const path = `/v1/employees/${id}`;
  await call(core.copy.url, owner, `${path}/versions`, { body: { job_description: JOB.replace('#billing', '#new') } });
  const moved = await call(core.copy.url, owner, `${path}/activate`, { body: {} });
  expect(moved.json.subscriptions).toMatchObject([{ filter: { channel: 'new' }, status: 'active' }]);
  const decisions = async () => [
    (await send(hub, message('old'))).json.decision,
    (await send(hub, message('new'))).json.decision,
  ];
  expect(await decisions()).toEqual(['unmatched', 'started']);
  const back = await call(core.copy.url, owner, `${path}/activate`, { body: { version: 1 } });
  expect(back.json.subscriptions).toMatchObject([{ filter: { channel: 'old' } }]);
  expect(back.json.subscriptions[0].subscription_id).not.toBe(subscriptions[0].subscription_id);
  expect(await decisions()).toEqual(['started', 'unmatched']);
  await call(core.copy.url, owner, `${path}/retire`, { body: {} });
  expect(await decisions()).toEqual(['unmatched', 'unmatched']);
  expect(await rows(`select 1 from core.duties where org_id = $1 and employee_id = '${id}'`)).toEqual([]);
});

test('where several are subscribed all start, one, or a person is asked, as the organisation wants it', async () => {
  for (const name of ['First', 'Second']) await hireFor(core.copy.url, owner, JOB.replace('#billing', '#shared'), name);
  const policy = { subscriptions: 'all', matching: 'ask', match_webhooks: false };
  expect(await show('/v1/supervisor')).toEqual(policy);
  const all = await send(hub, message('shared'));
  expect([all.json.decision, all.json.runs.length]).toEqual(['started', 2]);
  const set = (subscriptions: string) =>
    call(core.copy.url, owner, '/v1/supervisor', { method: 'PUT', body: { ...policy, subscriptions } });
  await set('one');
  const one = await send(hub, message('shared'));
  expect([one.json.decision, one.json.runs.length]).toEqual(['started', 1]);
  expect((await show(`/v1/triggers/${one.json.trigger_id}`)).runner_up).toMatchObject({ name: 'Second', started: false });
  await set('ask');
  expect((await send(hub, message('shared'))).json).toMatchObject({ decision: 'asked', runs: [] });
  const viewer = await core.person('operator', owner.orgId);
  const refused = await call(core.copy.url, viewer, '/v1/supervisor', { method: 'PUT', body: policy });
  expect(refused.status).toBe(403);
  await set('all');
});

test('the words of webhooks choose an employee only where the organisation wants that', async () => {
  const text = 'React to the question in #billing with :eyes: please';
  const body = { subscriptions: 'all', matching: 'ask', match_webhooks: true };
  await call(core.copy.url, owner, '/v1/supervisor', { method: 'PUT', body });
  const { json } = await send(hub, message('random', text));
  expect(json.decision).toBe('started');
  const [run] = json.runs;
  const shown = await show(`/v1/runs/${encodeURIComponent(run.run_id)}`);
  expect(shown.initiator).toMatchObject({ type: 'event', id: owner.userId });
  expect(shown.supervisor).toMatchObject({ rule: 'matching' });
  await call(core.copy.url, owner, '/v1/supervisor', { method: 'PUT', body: { ...body, match_webhooks: false } });
});
