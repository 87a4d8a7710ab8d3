import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withClient } from '../../dev/postgres/databases.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call, type CallOptions } from '../testing/call.ts';
import { hire, JOB } from '../testing/hire.ts';
import type { TestPerson } from '../testing/people.ts';
import { until } from '../testing/until.ts';

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

const OTHER_JOB = 'Every day at 9:00 read #billing and post a digest of it in #team.';
const ask = { effect: 'require_approval', reason: 'Always ask Katrin.' };
const katrin = {
  ...ask,
  capability: 'slack/slack.post',
  approvers: ['user_katrin'],
  timeout_seconds: 86_400,
  on_timeout: 'fail',
};
const POLICY = [katrin, { capability: 'slack/*', ...ask }];

const api = (path: string, options?: CallOptions) => call(core.copy.url, owner, path, options);
const revise = (body: unknown, options: CallOptions = {}) => api(`/v1/employees/${id}/versions`, { body, ...options });
const version = async (n: number) => (await api(`/v1/employees/${id}/versions/${n}`)).json;
const query = (statement: string) => asOwner(core.database.ownerUrl, statement, [owner.orgId, id]);

describe('a new version', () => {
  test('with another policy keeps graph, words and explanation of its base, and becomes the rules of calls once active', async () => {
    const first = await version(1);
    const made = await revise({ policy: POLICY });
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/v1/employees/${id}/versions/2`);
    const rules = [katrin, { capability: 'slack/*', ...ask, approvers: [], timeout_seconds: 604_800, on_timeout: 'reject' }];
    const { definition, explanation, job_description } = first;
    expect(made.json).toMatchObject({ version: 2, job_description, explanation });
    expect(made.json.definition).toEqual({
      ...definition,
      graph: { ...definition.graph, graph_id: `emp_${id}_v2` },
      policy: rules,
    });
    expect(made.json.content_hash).not.toBe(first.content_hash);
    expect(await version(2)).toEqual(made.json);
    expect(await version(1)).toEqual(first);

    const written = 'select version, rules from authz.policies where org_id = $1 and employee_id = $2 order by version';
    expect(await query(written)).toMatchObject([{ version: 1 }]);
    expect((await api(`/v1/employees/${id}`)).json).toMatchObject({ active_version: 1 });
    await api(`/v1/employees/${id}/activate`, { body: { version: 2 } });
    expect(await query(written)).toMatchObject([{ version: 1 }, { version: 2, rules }]);
  });

  test('with another job description is built like the first one', async () => {
    const made = await revise({ job_description: OTHER_JOB });
    expect(made.json).toMatchObject({
      version: 2,
      job_description: OTHER_JOB,
      explanation: { understood: [expect.objectContaining({ sentence: expect.stringContaining('#billing') })] },
      definition: { graph: { graph_id: `emp_${id}_v2` } },
    });
    const defined = `select data from core.facts where org_id = $1 and employee_id = $2 and kind = 'GraphDefined'`;
    expect((await query(defined)).map((row) => (row as { data: object }).data)).toContainEqual({
      version: 2,
      content_hash: made.json.content_hash,
      capabilities: expect.objectContaining({ 'slack/slack.post': expect.objectContaining({ risk: 'write' }) }),
    });
    await revise({ policy: POLICY, base_version: 1 });
    expect(await version(3)).toMatchObject({ job_description: JOB });
    expect(await core.audit(owner.orgId, 'employee.revise')).toMatchObject([
      { object_id: id, details: { version: 2 } },
      { object_id: id, details: { version: 3, base_version: 1 } },
    ]);
  });

  test('is made once under one key', async () => {
    const once = await Promise.all(Array.from({ length: 4 }, () => revise({ policy: POLICY }, { key: 'one' })));
    expect(once.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(once.map(({ text }) => text)).size).toBe(1);
    expect((await revise({ job_description: JOB }, { key: 'one' })).json).toMatchObject({ code: 'idempotency_key_reused' });
    expect((await api(`/v1/employees/${id}/versions`)).json.items).toHaveLength(2);
  });

  test('is one of two that are asked for at once; who asked for the other has not seen it, and hears so', async () => {
    const answers = await withClient(core.database.ownerUrl, async (holder) => {
      await holder.query('begin');
      await holder.query('select 1 from core.employees where org_id = $1 and employee_id = $2 for update', [owner.orgId, id]);
      const sent = Promise.all([revise({ policy: POLICY }), revise({ job_description: OTHER_JOB })]);
      // Both have read that version 1 is the newest.
      await until('both to wait for the employee', async () => {
        const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return (await query(`${waiting} and $1::text is not null and $2::text is not null`)).length === 2;
      });
      await holder.query('commit');
      return sent;
    });
    const [made, refused] = answers.toSorted((one, other) => one.status - other.status);
    expect(made).toMatchObject({ status: 201, json: { version: 2 } });
    expect(refused?.json).toMatchObject({ status: 409, code: 'version_conflict', detail: expect.stringContaining('Version 2') });
    expect((await api(`/v1/employees/${id}/versions`)).json.items).toHaveLength(2);
  });

  test('changes the entity tag, so that nobody activates a newest version that they have not seen', async () => {
    const seen = (await api(`/v1/employees/${id}`)).headers.get('etag') ?? '';
    await revise({ policy: POLICY });
    const activated = await api(`/v1/employees/${id}/activate`, { body: {}, headers: { 'if-match': seen } });
    expect(activated.json).toMatchObject({ status: 409, code: 'version_conflict' });
  });
});

describe('no version is made', () => {
  test.each([
    ['of nothing', {}, 400, 'invalid_request'],
    ['of both', { job_description: JOB, policy: POLICY }, 400, 'invalid_request'],
    ['of a base alone', { base_version: 1 }, 400, 'invalid_request'],
    ['of a job description for a base', { job_description: JOB, base_version: 1 }, 400, 'invalid_request'],
    ['of an unknown effect', { policy: [{ ...katrin, effect: 'ask' }] }, 400, 'invalid_request'],
    ['with an approver who is no user', { policy: [{ ...katrin, approvers: ['Katrin'] }] }, 400, 'invalid_request'],
    ['with a role that answers nothing', { policy: [{ ...katrin, approvers: ['role:builder'] }] }, 400, 'invalid_request'],
    ['with a condition that does not compile', { policy: [{ ...katrin, when: '1 +' }, katrin] }, 422, 'graph_invalid'],
    ['with writes that no rule decides', { policy: [] }, 422, 'graph_invalid'],
    [
      'with a rule that allows by the dozen',
      { policy: [{ ...katrin, capability: 'slack/*', effect: 'allow' }] },
      422,
      'graph_invalid',
    ],
    ['of a base that is not there', { policy: POLICY, base_version: 7 }, 404, 'not_found'],
    ['of a text without a duty', { job_description: 'The sky is blue.' }, 422, 'nothing_understood'],
  ])('%s', async (_what, body, status, code) => {
    expect((await revise(body)).json).toMatchObject({ status, code });
    expect((await api(`/v1/employees/${id}/versions`)).json.items).toHaveLength(1);
  });

  test('of a retired employee, without a key, for another organisation, or by who may not hire', async () => {
    expect((await revise({ policy: POLICY }, { headers: { 'idempotency-key': '' } })).json).toMatchObject({
      code: 'idempotency_key_required',
    });
    const path = `/v1/employees/${id}/versions`;
    const stranger = await core.person('owner');
    expect((await call(core.copy.url, stranger, path, { body: { policy: POLICY } })).json).toMatchObject({ status: 404 });
    const operator = await core.person('operator', owner.orgId);
    expect((await call(core.copy.url, operator, path, { body: { policy: POLICY } })).json).toMatchObject({ status: 403 });
    await api(`/v1/employees/${id}/retire`, { body: {} });
    expect((await revise({ policy: POLICY })).json).toMatchObject({ status: 409, code: 'conflict' });
    expect((await api(path)).json.items).toHaveLength(1);
  });

  test('but by who builds employees, there is', async () => {
    const builder = await core.person('builder', owner.orgId);
    const made = await call(core.copy.url, builder, `/v1/employees/${id}/versions`, { body: { policy: POLICY } });
    expect(made.json).toMatchObject({ version: 2, created_by: builder.userId });
  });
});
