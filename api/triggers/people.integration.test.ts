import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call } from '../testing/call.ts';
import type { TestPerson } from '../testing/people.ts';
import { hireFor, sendTo, slackMessage } from '../testing/send-trigger.ts';
import { serviceToken } from '../testing/service-token.ts';

const DIGEST = 'Every weekday at 9:00 read #support and post a digest of the open questions in #team.';
const GREET = 'Every Monday at 8:00 post "Please fill in your timesheets" in #general.';
const BOTH = `${DIGEST}\n\n${GREET}`;

let core: TestCore;
let owner: TestPerson;
let digester: string;
let send: ReturnType<typeof sendTo>;

beforeAll(async () => {
  core = await startTestCore();
  send = sendTo(core);
  owner = await core.person('owner');
  digester = (await hireFor(core.copy.url, owner, DIGEST, 'Support reader')).employee_id;
  await hireFor(core.copy.url, owner, GREET, 'Timekeeper');
});
afterAll(() => core.stop());

const show = async (path: string) => (await call(core.copy.url, owner, path)).json;
const runOf = (runId: string) => show(`/v1/runs/${encodeURIComponent(runId)}`);
const decideOf = (id: string, body: object, who = owner) => call(core.copy.url, who, `/v1/triggers/${id}/decide`, { body });

test('words find the employee whose duty they are, by their stems, and the run says why', async () => {
  const { status, json } = await send(owner, { text: 'Could you please write a digest of what is questioned in #support?' });
  expect(status).toBe(202);
  expect(json).toMatchObject({ decision: 'started', runs: [{ employee_id: digester }] });
  const run = await runOf(json.runs[0].run_id);
  expect(run.initiator).toMatchObject({ type: 'person', id: owner.userId });
  expect(run.trigger).toMatchObject({ type: 'direct_command', payload: { command: expect.stringContaining('digest') } });
  expect(run.supervisor).toMatchObject({ rule: 'matching', entry_skills: run.trigger.entry_skills });
  expect(run.supervisor.reason).toMatch(/has the words .*digest.*question.*support/);
  expect(run.supervisor.score).toBeGreaterThan(0.35);
});

test.each([
  'Water the plants, please',
  'Thanks a lot, post',
  'the and of',
  '☃',
  "'); drop table core.duties; --",
  '!!! & | <-> :*',
])('nobody is started by "%s"', async (text) => {
  expect((await send(owner, { text })).json).toMatchObject({ decision: 'unmatched', runs: [] });
});

test('whoever fits about as well as another waits for a person, whose decision stands', async () => {
  const asker = await core.person('owner');
  for (const name of ['Ann', 'Bob', 'Cleo']) await hireFor(core.copy.url, asker, name === 'Cleo' ? GREET : DIGEST, name);
  const { json } = await send(asker, { text: 'Post a digest of the questions in #support' });
  expect(json).toMatchObject({ decision: 'asked', runs: [] });
  const path = `/v1/triggers/${json.trigger_id}`;
  const asked = (await call(core.copy.url, asker, path)).json;
  const names = asked.candidates.map(({ name }: { name: string }) => name);
  expect([names.slice(0, 2).toSorted(), names.slice(2)]).toEqual([['Ann', 'Bob'], ['Cleo']]);
  expect(asked.reason).toMatch(/^(Ann .*Bob|Bob .*Ann).* fit about as well: a person chooses\.$/);
  expect(asked.runner_up).toEqual(asked.candidates[1]);
  const bob = asked.candidates.find(({ name }: { name: string }) => name === 'Bob').employee_id;

  const viewer = await core.person('viewer', asker.orgId);
  expect((await decideOf(json.trigger_id, { employee_id: bob }, viewer)).status).toBe(403);
  expect((await decideOf(json.trigger_id, { employee_id: digester }, asker)).json.code).toBe('invalid_request');
  expect((await decideOf(json.trigger_id, {}, asker)).json.code).toBe('invalid_request');
  expect((await decideOf(json.trigger_id, { employee_id: bob, dismiss: true }, asker)).json.code).toBe('invalid_request');

  const decided = await Promise.all(Array.from({ length: 5 }, () => decideOf(json.trigger_id, { employee_id: bob }, asker)));
  expect(new Set(decided.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(decided[0]?.json).toMatchObject({ decision: 'started', rule: 'person', decided_by: asker.userId });
  expect(decided[0]?.json.runs).toMatchObject([{ employee_id: bob }]);
  expect((await decideOf(json.trigger_id, { dismiss: true }, asker)).json.code).toBe('conflict');
  expect((await send(asker, { text: 'x', trigger_id: json.trigger_id })).json.code).toBe('conflict');

  const other = await send(asker, { text: 'Post a digest of the questions in #support' });
  const dismissed = await decideOf(other.json.trigger_id, { dismiss: true }, asker);
  expect(dismissed.json).toMatchObject({ decision: 'dismissed', runs: [] });
});

test('who is named starts, at the skills that are named, and one that cannot is told why', async () => {
  const { employee_id: id } = await hireFor(core.copy.url, owner, BOTH, 'Both');
  const graph = (await show(`/v1/employees/${id}/versions/1`)).definition.graph;
  const [entry] = graph.nodes.filter((node: { id: string }) => /note/.test(node.id)).map((node: { id: string }) => node.id);
  const payload = { text: 'Hello' };
  const { json } = await send(owner, { employee_id: id, entry_skills: [entry], payload });
  expect(json.decision).toBe('started');
  const run = await runOf(json.runs[0].run_id);
  expect(run.trigger).toMatchObject({ payload, entry_skills: [entry] });
  const query = 'select intent from core.runs where run_id = $1';
  const [row] = await asOwner(core.database.ownerUrl, query, [json.runs[0].run_id]);
  expect(row).toMatchObject({ intent: { intent: { graph_spec: { nodes: [{ id: entry }], edges: [] } } } });
  const again = await call(core.copy.url, owner, `/v1/runs/${encodeURIComponent(json.runs[0].run_id)}/run-again`, {
    method: 'POST',
  });
  expect((await runOf(again.json.run_id)).trigger.entry_skills).toEqual([entry]);

  const wrong = await send(owner, { employee_id: id, entry_skills: ['choose_duties'] });
  expect([wrong.status, wrong.json.code]).toEqual([400, 'invalid_request']);
  const nobody = await send(owner, { employee_id: id.replace(/^./, id.startsWith('a') ? 'b' : 'a') });
  expect([nobody.status, nobody.json.code]).toEqual([404, 'not_found']);
  const draft = await call(core.copy.url, owner, '/v1/employees', { body: { job_description: GREET } });
  expect((await send(owner, { employee_id: draft.json.employee_id })).json.code).toBe('employee_not_active');
});

test('a person may send an event for those who are subscribed to it, in their own name', async () => {
  const job = 'When somebody posts a question in #desk, react to it with :eyes:.';
  const { employee_id: id } = await hireFor(core.copy.url, owner, job, 'Desk');
  const payload = { channel: 'C0DESK', channel_name: 'desk', ts: '1.2', text: 'Hello?' };
  const { json } = await send(owner, { type: 'slack.message', payload });
  expect(json).toMatchObject({ decision: 'started', runs: [{ employee_id: id }] });
  const run = await runOf(json.runs[0].run_id);
  expect(run.trigger).toMatchObject({ type: 'direct_command', payload: { message: { channel: 'C0DESK', text: 'Hello?' } } });
  expect(run.initiator).toMatchObject({ type: 'person', id: owner.userId });
});

test('the same key is the same trigger, and without a key or an id there is none', async () => {
  const body = { employee_id: digester, text: 'Write a digest of the questions in #support' };
  const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => send(owner, body, 'trigger-1')));
  expect(new Set([first, ...others].map((answer) => answer?.text)).size).toBe(1);
  expect(first?.json.runs).toHaveLength(1);
  expect((await send(owner, { text: 'Something else' }, 'trigger-1')).json.code).toBe('conflict');
  const without = await call(core.copy.url, owner, '/v1/triggers', { body, headers: { 'idempotency-key': '' } });
  expect(without.json.code).toBe('idempotency_key_required');
});

test.each([
  ['nothing', {}],
  ['an unknown field', { text: 'x', org_id: 'org_other' }],
  ['a text that is a number', { text: 7 }],
  ['an empty text', { text: '' }],
  ['a text that is too long', { text: 'x'.repeat(16_001) }],
  ['a payload of more than 64 KiB', { text: 'x', payload: { blob: 'x'.repeat(64 * 1024) } }],
  ['a payload that is a list', { text: 'x', payload: [] }],
  ['a type without its provider', { type: 'message' }],
  ['skills of nobody', { text: 'x', entry_skills: ['a'] }],
  ['an id that is none', { text: 'x', trigger_id: '1' }],
])('%s is refused', async (_what, body) => {
  const { status, json } = await send(owner, body);
  expect([status, json.code]).toEqual([400, 'invalid_request']);
});

test('only ConnectHub sends webhooks, of its own providers, and nothing else', async () => {
  const webhook = slackMessage(owner.orgId, 'desk', 'Hello?');
  const person = await send(owner, webhook);
  expect([person.status, person.json.code]).toEqual([403, 'forbidden']);
  const hub = await serviceToken(core, 'connecthub');
  expect((await send(await serviceToken(core, 'worker'), webhook)).status).toBe(403);
  expect((await send(undefined, webhook)).status).toBe(401);
  expect((await send(hub, { text: 'x', trigger_id: randomUUID() })).status).toBe(403);
  for (const wrong of [{ type: 'github.push' }, { org_id: '' }, { external_id: '' }, { occurred_at: 'now' }, { more: 1 }]) {
    expect((await send(hub, { ...webhook, ...wrong })).json.code).toBe('invalid_request');
  }
  const operator = await core.person('auditor', owner.orgId);
  expect((await send(operator, { text: 'x' })).status).toBe(403);
});

test('lists page through what was sent, the newest first', async () => {
  const first = await show('/v1/triggers?limit=3');
  const second = await show(`/v1/triggers?limit=3&cursor=${first.next_cursor}`);
  const ids = [...first.items, ...second.items].map(({ trigger_id }: { trigger_id: string }) => trigger_id);
  expect(new Set(ids).size).toBe(6);
  const times = [...first.items, ...second.items].map(({ at }: { at: string }) => at);
  expect(times).toEqual(times.toSorted().toReversed());
});
