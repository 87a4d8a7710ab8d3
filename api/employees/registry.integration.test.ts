import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call, type CallOptions } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import type { TestPerson } from '../testing/people.ts';

let core: TestCore;
let owner: TestPerson;
let id: string;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());
beforeEach(async () => {
  owner = await core.person('owner');
  id = await hire(core.copy.url, owner);
});

const api = (path: string, options?: CallOptions) => call(core.copy.url, owner, path, options);
const change = (body: unknown, options: CallOptions = {}) => api(`/v1/employees/${id}`, { method: 'PATCH', body, ...options });
const show = async (employee = id) => (await api(`/v1/employees/${employee}`)).json;
const exported = async (employee = id, version = 1) => api(`/v1/employees/${employee}/versions/${version}/export`);
const imported = (text: string, query = '', options: CallOptions = {}) =>
  api(`/v1/employees/import${query}`, { body: text, headers: { 'content-type': 'application/yaml' }, ...options });
const leave = (person: TestPerson) =>
  asOwner(core.database.ownerUrl, 'update authz.memberships set removed_at = now() where org_id = $1 and user_id = $2', [
    person.orgId,
    person.userId,
  ]);

describe('an employee is found', () => {
  test('by its labels, which are a sorted set', async () => {
    expect((await change({ labels: ['team:b', 'finance', 'team:b'] })).json.labels).toEqual(['finance', 'team:b']);
    expect((await api('/v1/employees?label=finance')).json.items).toMatchObject([
      { employee_id: id, labels: ['finance', 'team:b'] },
    ]);
    expect((await api('/v1/employees?label=other')).json.items).toEqual([]);
    expect((await change({ labels: ['No Spaces'] })).json).toMatchObject({ status: 400, code: 'invalid_request' });
    expect((await change({})).status).toBe(400);
    expect(await core.audit(owner.orgId, 'employee.update')).toMatchObject([{ object_id: id, details: { fields: ['labels'] } }]);
  });

  test('in the state that somebody decided upon, or not changed at all', async () => {
    const { headers } = await api(`/v1/employees/${id}`);
    const ifMatch = { headers: { 'if-match': headers.get('etag') ?? '' } };
    expect((await change({ name: 'Penny' }, ifMatch)).json).toMatchObject({ name: 'Penny' });
    expect((await change({ name: 'Paul' }, ifMatch)).json).toMatchObject({ status: 409, code: 'version_conflict' });
  });
});

describe('the owner of an employee', () => {
  test('is a member of the organisation, named by the owner or whoever may put it to work', async () => {
    const builder = await core.person('builder', owner.orgId);
    const stranger = await core.person('owner');
    await call(core.copy.url, builder, '/v1/employees');
    const asBuilder = (body: unknown) => call(core.copy.url, builder, `/v1/employees/${id}`, { method: 'PATCH', body });
    expect((await asBuilder({ owner_user_id: builder.userId })).json).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await change({ owner_user_id: stranger.userId })).json).toMatchObject({ status: 400, code: 'invalid_request' });
    expect((await change({ owner_user_id: builder.userId })).json).toMatchObject({ owner_user_id: builder.userId });
    expect((await asBuilder({ owner_user_id: owner.userId })).json).toMatchObject({ owner_user_id: owner.userId });
  });

  test('who has left is missed; whoever activates the employee becomes the next', async () => {
    const leaver = await core.person('admin', owner.orgId);
    await call(core.copy.url, leaver, '/v1/employees');
    await change({ owner_user_id: leaver.userId });
    expect(await show()).toMatchObject({ needs_owner: false });
    await leave(leaver);
    expect(await show()).toMatchObject({ needs_owner: true, owner_user_id: leaver.userId });
    expect((await api('/v1/employees')).json.items).toMatchObject([{ needs_owner: true }]);
    const activated = await api(`/v1/employees/${id}/activate`, { body: {} });
    expect(activated.json).toMatchObject({ needs_owner: false, owner_user_id: owner.userId });
  });
});

describe('a version as a file', () => {
  test('comes back as the same content, in a new employee and as the next version of its own', async () => {
    await change({ labels: ['finance'], name: 'Penny: the "digest" writer' });
    const file = await exported();
    expect(file.headers.get('content-type')).toBe('application/yaml; charset=utf-8');
    const { content_hash: hash, job_description } = (await api(`/v1/employees/${id}/versions/1`)).json;
    const copy = await imported(file.text);
    expect(copy).toMatchObject({ status: 201, json: { status: 'draft', version: 1, content_hash: hash, labels: ['finance'] } });
    const again = await exported(copy.json.employee_id);
    const ofHere = (text: string) => text.replace(/exported_from:\n.*\n.*\n/, '');
    expect(ofHere(again.text)).toBe(ofHere(file.text));
    expect((await api(`/v1/employees/${copy.json.employee_id}/versions/1`)).json).toMatchObject({
      job_description,
      content_hash: hash,
    });
    const next = await imported(file.text, `?employee_id=${id}`);
    expect(next).toMatchObject({ status: 201, json: { employee_id: id, version: 2, content_hash: hash } });
    expect((await api(`/v1/employees/${id}/versions/2/diff?against=1`)).json).toMatchObject({
      is_same: true,
      summary: 'the duties are the same',
      sentences: [],
    });
    expect(await show()).toMatchObject({ active_version: 1 });
  });

  test('that was edited is taken without its hash, checked like any other, and refused with it', async () => {
    const { text } = await exported();
    const edited = text.replace(/^( +)title: .*$/m, '$1title: Something else');
    expect(edited).not.toBe(text);
    expect((await imported(edited)).json).toMatchObject({ status: 409, code: 'content_mismatch' });
    const unhashed = edited.replace(/^content_hash: .*\n/m, '');
    expect((await imported(unhashed)).status).toBe(201);
    const greedy = unhashed.replace(/slack\/slack\.post/, 'slack/slack.everything');
    expect((await imported(greedy)).json).toMatchObject({ code: 'graph_invalid' });
  });

  test('tells where to connect here, whatever it says', async () => {
    const { text } = await exported();
    const lure = text.replace(
      'missing_connections: []',
      'missing_connections:\n    - launch: https://evil.example/\n      provider: slack',
    );
    expect(lure).not.toBe(text);
    expect((await imported(lure)).json.explanation.missing_connections).toEqual([]);
  });

  test.each([
    ['aliases', (text: string) => `${text}\na: &a [x]\nb: *a\n`, 'invalid_request'],
    ['unknown fields', (text: string) => `${text}\nadmin: true\n`, 'invalid_request'],
    ['a key twice', (text: string) => `${text}\nname: Another\n`, 'invalid_request'],
    ['a type of its own', () => 'format: !!js/function "() => 1"\n', 'invalid_request'],
    ['two documents', (text: string) => `${text}\n---\na: 1\n`, 'invalid_request'],
    ['deep nesting', () => `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'invalid_request'],
    ['no employee', () => 'hello', 'invalid_request'],
    ['a place in a graph', (text: string) => text.replace('  graph:\n', '  graph:\n    graph_id: emp_x_v1\n'), 'invalid_request'],
    ['too much', (text: string) => `${text}# ${'x'.repeat(600_000)}`, 'payload_too_large'],
  ])('with %s is refused', async (_what, make, code) => {
    const { text } = await exported();
    const refused = await imported(make(text));
    expect(refused.json).toMatchObject({ code });
    expect((await api('/v1/employees')).json.items).toHaveLength(1);
  });

  test('is imported once under one key, by whoever may write employees, for employees of their own', async () => {
    const { text } = await exported();
    const [one, two] = await Promise.all([imported(text, '', { key: 'k' }), imported(text, '', { key: 'k' })]);
    expect(two.json.employee_id).toBe(one.json.employee_id);
    const viewer = await core.person('viewer', owner.orgId);
    const stranger = await core.person('owner');
    const as = (person: TestPerson, path: string, body?: string) =>
      call(core.copy.url, person, path, body === undefined ? {} : { body, headers: { 'content-type': 'application/yaml' } });
    expect((await as(viewer, '/v1/employees/import', text)).status).toBe(403);
    expect((await as(stranger, `/v1/employees/import?employee_id=${id}`, text)).status).toBe(404);
    expect((await as(stranger, `/v1/employees/${id}/versions/1/export`)).status).toBe(404);
    expect((await as(stranger, `/v1/employees/${id}/versions/1/diff`)).status).toBe(404);
    expect((await as(owner, '/v1/employees/import', text)).status).toBe(201);
    expect((await api('/v1/employees/import', { body: { format: 'clancy-employee/1' } })).status).toBeGreaterThanOrEqual(400);
  });

  test('is not made of a version that was changed', async () => {
    await asOwner(
      core.database.ownerUrl,
      `update core.employee_versions set definition = jsonb_set(definition, '{policy}', '[]') where org_id = $1 and employee_id = $2`,
      [owner.orgId, id],
    );
    expect((await exported()).json).toMatchObject({ status: 409, code: 'content_mismatch' });
    expect((await api(`/v1/employees/${id}/clone`, { body: {} })).json).toMatchObject({ code: 'content_mismatch' });
  });
});

test('the graph of a version comes as a picture that can run nothing', async () => {
  const picture = await api(`/v1/employees/${id}/versions/1/graph`, { headers: { accept: 'image/svg+xml' } });
  expect(picture).toMatchObject({ status: 200, text: expect.stringMatching(/^<svg [^]*<tspan class="mw">writes[^]*<\/svg>\n$/) });
  expect(picture.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
  expect(picture.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(picture.headers.get('vary')).toBe('accept');
});

describe('a copy of an employee', () => {
  test('is a draft with the same content, and with none of its rights', async () => {
    await change({ labels: ['finance'] });
    const copy = await api(`/v1/employees/${id}/clone`, { body: {} });
    const { name } = await show();
    const { content_hash: hash } = (await api(`/v1/employees/${id}/versions/1`)).json;
    expect(copy).toMatchObject({
      status: 201,
      json: { status: 'draft', name: `${name} (copy)`, labels: ['finance'], content_hash: hash, owner_user_id: owner.userId },
    });
    const { employee_id: other } = copy.json;
    expect(copy.json.definition.graph.graph_id).toBe(`emp_${other}_v1`);
    expect((await api(`/v1/employees/${other}/grants`)).json.items).toEqual([]);
    expect((await api(`/v1/employees/${other}/activate`, { body: {} })).json).toMatchObject({
      status: 'active',
      active_version: 1,
    });
    expect((await api(`/v1/employees/${id}/clone`, { body: { version: 9 } })).status).toBe(404);
    expect(parse((await exported(other)).text)).toMatchObject({ exported_from: { employee_id: other, version: 1 } });
  });
});
