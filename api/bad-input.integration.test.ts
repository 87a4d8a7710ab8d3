import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCore, type TestCore } from './testing/agent-core.ts';
import { call } from './testing/call.ts';
import { hire, JOB } from './testing/hire.ts';
import type { TestPerson } from './testing/people.ts';

let core: TestCore;
let owner: TestPerson;
beforeAll(async () => {
  core = await startTestCore();
  owner = await core.person('owner');
});
afterAll(() => core.stop());

const post = (path: string, body: unknown) => call(core.copy.url, owner, path, { body });

test.each([
  ['an unknown field', { job_description: JOB, org_id: 'org_other' }],
  ['a wrong type', { job_description: 5 }],
  ['a missing field', { name: 'Ann' }],
  ['no object', [JOB]],
  ['a prototype', '{"job_description":"x","__proto__":{"admin":true}}'],
  ['a NUL', { job_description: `${JOB}\u0000` }],
  ['half a surrogate pair', { job_description: `${JOB}\ud83d` }],
  ['half a body', '{"job_description":'],
  ['too many levels', { job_description: 'x', name: 'y', deep: JSON.parse('['.repeat(200) + ']'.repeat(200)) }],
])('%s is refused and nothing is made', async (_what, body) => {
  const answer = await post('/v1/employees', body);
  expect(answer.json).toMatchObject({ status: 400, code: 'invalid_request' });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
});

test('a body of ten megabytes is refused', async () => {
  const answer = await post('/v1/employees', { job_description: 'x'.repeat(10 * 1024 * 1024) });
  expect(answer.json).toMatchObject({ status: 413, code: 'payload_too_large' });
});

test('a run whose input does not fit a payload is refused', async () => {
  const id = await hire(core.copy.url, owner);
  const answer = await post(`/v1/employees/${id}/runs`, { input: { text: 'x'.repeat(300_000) } });
  expect(answer.json).toMatchObject({ status: 413, code: 'payload_too_large' });
});

test('a run whose input no table can hold is refused', async () => {
  const id = await hire(core.copy.url, owner);
  for (const input of [{ a: '\u0000' }, { '\u0000': 'a' }, { deep: [{ a: '\udc00' }] }]) {
    expect((await post(`/v1/employees/${id}/runs`, { input })).json).toMatchObject({ status: 400, code: 'invalid_request' });
  }
});

test('a text without a duty is said to be one', async () => {
  const answer = await post('/v1/employees', { job_description: 'The sky is blue.' });
  expect(answer.json).toMatchObject({ status: 422, code: 'nothing_understood' });
});

test.each([
  ['/v1/employees/nobody'],
  ['/v1/runs/not-a-run'],
  ['/v1/approvals/5'],
  ['/v1/employees?limit=1000'],
  ['/v1/runs?colour=red'],
  ['/v1/employees?cursor=x.y'],
  ['/v1/approvals?run_id=%00'],
])('%s is refused before anybody looks', async (path) => {
  const answer = await call(core.copy.url, owner, path);
  expect(answer.json).toMatchObject({ status: 400, code: 'invalid_request' });
});

test('a draft cannot run, and activation without a connection says where to connect', async () => {
  const draft = await post('/v1/employees', { job_description: JOB });
  const run = await post(`/v1/employees/${draft.json.employee_id}/runs`, {});
  expect(run.json).toMatchObject({ status: 409, code: 'employee_not_active' });
  const connected = core.hub.catalogue;
  core.hub.catalogue = { providers: connected.providers.map((provider) => ({ ...provider, connections: [] })) };
  const activation = await post(`/v1/employees/${draft.json.employee_id}/activate`, {});
  core.hub.catalogue = connected;
  expect(activation.json).toMatchObject({ status: 409, code: 'connection_required' });
  expect(activation.json.next).toContain('/oauth/launch/slack');
});

test('activation upon an employee that was changed meanwhile is refused', async () => {
  const draft = await post('/v1/employees', { job_description: JOB });
  const path = `/v1/employees/${draft.json.employee_id}`;
  const seen = (await call(core.copy.url, owner, path)).headers.get('etag') ?? '';
  await post(`${path}/activate`, {});
  const late = await call(core.copy.url, owner, `${path}/activate`, { body: {}, headers: { 'if-match': seen } });
  expect(late.json).toMatchObject({ status: 409, code: 'version_conflict' });
});

test('tokens of the wrong kind and roles without the right are refused and leave a trace', async () => {
  const viewer = await core.person('viewer', owner.orgId);
  const denied = await call(core.copy.url, viewer, '/v1/employees', { body: { job_description: JOB } });
  expect(denied.json).toMatchObject({ status: 403, code: 'forbidden', permission: 'employees.write' });
  expect((await call(core.copy.url, undefined, '/v1/employees')).status).toBe(401);
  expect((await call(core.copy.url, owner, '/internal/agent-tokens', { body: { ticket: 'x' } })).status).toBe(401);
  const traces = await core.audit(owner.orgId, 'request.refuse');
  expect(traces).toContainEqual(expect.objectContaining({ actor_id: viewer.userId, allowed: false }));
});

test('a graph comes as JSON or as Mermaid source, as it is asked for', async () => {
  const id = await hire(core.copy.url, owner);
  const graph = `/v1/employees/${id}/versions/1/graph`;
  expect((await call(core.copy.url, owner, graph)).json.graph.type).toBe('employee');
  const drawn = await call(core.copy.url, owner, graph, { headers: { accept: 'text/vnd.mermaid' } });
  expect(drawn.headers.get('content-type')).toContain('text/vnd.mermaid');
  expect(drawn.text).toMatch(/^flowchart|^graph|^---/);
  expect((await call(core.copy.url, owner, graph, { headers: { accept: 'image/png' } })).status).toBe(400);
});

test('pages follow each other without gap or repetition', async () => {
  const person = await core.person('owner');
  const made: string[] = [];
  for (let i = 0; i < 5; i += 1)
    made.push((await call(core.copy.url, person, '/v1/employees', { body: { job_description: JOB } })).json.employee_id);
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await call(core.copy.url, person, `/v1/employees?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    seen.push(...page.json.items.map((item: { employee_id: string }) => item.employee_id));
    cursor = page.json.next_cursor;
  }
  expect(seen).toHaveLength(5);
  expect(new Set(seen)).toEqual(new Set(made));
});

test('health names the waivers, readiness the parts', async () => {
  expect((await call(core.copy.url, undefined, '/health')).json).toMatchObject({
    status: 'ok',
    mode: 'development',
    waivers: ['issuers'],
  });
  expect((await call(core.copy.url, undefined, '/ready')).json).toMatchObject({
    status: 'ready',
    database: 'ok',
    temporal: 'away',
  });
});
