import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCore, type TestCore } from './testing/agent-core.ts';
import { asOwner } from './testing/as-owner.ts';
import { call } from './testing/call.ts';
import { hire, JOB } from './testing/hire.ts';
import { newPerson } from './testing/people.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(async () => {
  await core.stop();
});

test('a job description becomes a draft with version 1, which activation puts to work', async () => {
  const owner = await core.person('owner');
  const created = await call(core.copy.url, owner, '/v1/employees', { body: { job_description: JOB, name: 'Ann' } });
  expect(created.text).toContain('employee_id');
  expect(created.status).toBe(201);
  expect(created.json).toMatchObject({ name: 'Ann', status: 'draft', active_version: null, version: 1 });
  expect(core.hub.bearers).toContain(owner.token);

  const id = created.json.employee_id;
  const shown = await call(core.copy.url, owner, `/v1/employees/${id}`);
  const activated = await call(core.copy.url, owner, `/v1/employees/${id}/activate`, {
    body: { version: 1 },
    headers: { 'if-match': shown.headers.get('etag') ?? '' },
  });
  expect(activated.json).toMatchObject({ status: 'active', active_version: 1 });

  const grants = await call(core.copy.url, owner, `/v1/employees/${id}/grants`);
  expect(grants.json.items.map((grant: { capability: string }) => grant.capability)).toEqual(
    created.json.definition.capabilities.toSorted(),
  );
});

test('a run is accepted while Temporal is away', async () => {
  const owner = await core.person('owner');
  const id = await hire(core.copy.url, owner);
  const accepted = await call(core.copy.url, owner, `/v1/employees/${id}/runs`, { body: { input: { a: 1 } } });
  expect(accepted.status).toBe(202);
  const run = await call(core.copy.url, owner, accepted.json.links.self);
  expect(run.json).toMatchObject({ run_id: accepted.json.run_id, status: 'requested', trigger: { payload: { a: 1 } } });
});

test('somebody who lost a role loses it for the calls of employees with the first refusal', async () => {
  const owner = await core.person('owner');
  await call(core.copy.url, owner, '/v1/employees');
  const demoted = await newPerson(core.issuers.url, { ...owner, role: 'viewer' });
  expect((await call(core.copy.url, demoted, '/v1/employees', { body: { job_description: JOB } })).status).toBe(403);
  const query = 'select role from authz.memberships where org_id = $1 and user_id = $2';
  expect(await asOwner(core.database.ownerUrl, query, [owner.orgId, owner.userId])).toEqual([{ role: 'viewer' }]);
});
