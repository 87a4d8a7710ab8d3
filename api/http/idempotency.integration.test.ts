import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCore, type TestCopy, type TestCore } from '../testing/agent-core.ts';
import { call } from '../testing/call.ts';
import { hire, JOB } from '../testing/hire.ts';

let core: TestCore;
let other: TestCopy;
beforeAll(async () => {
  core = await startTestCore();
  other = await core.addCopy();
});
afterAll(() => core.stop());

test('fifty requests with one key on two copies make one run and get one answer', async () => {
  const owner = await core.person('owner');
  const runs = `/v1/employees/${await hire(core.copy.url, owner)}/runs`;
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      call(i % 2 === 0 ? core.copy.url : other.url, owner, runs, { body: { input: { n: 1 } }, key: 'one' }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 202));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  const list = await call(core.copy.url, owner, '/v1/runs');
  expect(list.json.items).toHaveLength(1);
});

test('a key with another body is refused, and another person may use the same key', async () => {
  const owner = await core.person('owner');
  const runs = `/v1/employees/${await hire(core.copy.url, owner)}/runs`;
  const first = await call(core.copy.url, owner, runs, { body: { input: { n: 1 } }, key: 'same' });
  const reused = await call(core.copy.url, owner, runs, { body: { input: { n: 2 } }, key: 'same' });
  expect(reused.json).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  const colleague = await core.person('operator', owner.orgId);
  const second = await call(core.copy.url, colleague, runs, { body: { input: { n: 1 } }, key: 'same' });
  expect(second.status).toBe(202);
  expect(second.json.run_id).not.toBe(first.json.run_id);
});

test('a request that failed leaves its key free', async () => {
  const owner = await core.person('owner');
  const draft = await call(core.copy.url, owner, '/v1/employees', { body: { job_description: JOB } });
  const runs = `/v1/employees/${draft.json.employee_id}/runs`;
  const early = await call(core.copy.url, owner, runs, { body: {}, key: 'later' });
  expect(early.json).toMatchObject({ status: 409, code: 'employee_not_active' });
  await call(core.copy.url, owner, `/v1/employees/${draft.json.employee_id}/activate`, { body: {} });
  expect((await call(core.copy.url, owner, runs, { body: {}, key: 'later' })).status).toBe(202);
});

test('a repeated draft is the first one, without asking ConnectHub again', async () => {
  const owner = await core.person('owner');
  const once = await call(core.copy.url, owner, '/v1/employees', { body: { job_description: JOB }, key: 'draft' });
  const asked = core.hub.bearers.length;
  const again = await call(other.url, owner, '/v1/employees', { body: { job_description: JOB }, key: 'draft' });
  expect(again.text).toBe(once.text);
  expect(core.hub.bearers).toHaveLength(asked);
});

test('a route that makes something wants a key', async () => {
  const owner = await core.person('owner');
  const missing = await call(core.copy.url, owner, '/v1/employees', {
    body: { job_description: JOB },
    headers: { 'idempotency-key': '' },
  });
  expect(missing.json).toMatchObject({ status: 400, code: 'idempotency_key_required' });
  const bad = await call(core.copy.url, owner, '/v1/employees', { body: { job_description: JOB }, key: 'x'.repeat(201) });
  expect(bad.json).toMatchObject({ status: 400, code: 'invalid_request' });
});
