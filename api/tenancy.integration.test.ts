import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { makeEmployeeId, makeRunId } from '../contracts/ids.ts';
import { startTestCore, type TestCore } from './testing/agent-core.ts';
import { asOwner } from './testing/as-owner.ts';
import { call, type Called } from './testing/call.ts';
import { hire } from './testing/hire.ts';
import { insertApproval } from './testing/insert-approval.ts';
import type { TestPerson } from './testing/people.ts';

let core: TestCore;
let victim: TestPerson;
let attacker: TestPerson;
let theirs: { [parameter: string]: string };

beforeAll(async () => {
  core = await startTestCore();
  victim = await core.person('owner');
  attacker = await core.person('owner');
  const employeeId = await hire(core.copy.url, victim);
  const run = await call(core.copy.url, victim, `/v1/employees/${employeeId}/runs`, { body: { input: { canary: 'c4n4ry' } } });
  const approvalId = await insertApproval(core.database.ownerUrl, {
    orgId: victim.orgId,
    runId: run.json.run_id,
    question: 'c4n4ry?',
  });
  const due = { employee_id: employeeId, times: { cron: '0 0 1 1 *' }, note: 'c4n4ry' };
  const { schedule_id } = (await call(core.copy.url, victim, '/v1/schedules', { body: due })).json;
  const { trigger_id } = (await call(core.copy.url, victim, '/v1/triggers', { body: { text: 'c4n4ry' } })).json;
  const said = { scope: 'organisation', key: 'c4n4ry', value: 'c4n4ry' };
  const { memory_id } = (await call(core.copy.url, victim, '/v1/memory', { body: said })).json;
  const ids = { employee_id: employeeId, run_id: run.json.run_id, approval_id: approvalId, schedule_id, trigger_id, memory_id };
  // Suggestions are found among one's own: nobody has one that another could have.
  theirs = { ...ids, suggestion_id: randomUUID(), version: '1', sha256: await uploadFile(victim, 'c4n4ry') };
});
afterAll(() => core.stop());

async function uploadFile({ token }: TestPerson, content: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/plain' };
  const response = await fetch(`${core.copy.url}/v1/blobs`, { method: 'POST', headers, body: content });
  return z.object({ blob: z.object({ sha256: z.string() }) }).parse(await response.json()).blob.sha256;
}

/** Ids of the right form that nobody has. */
const nobodys = (): { [parameter: string]: string } => {
  const employee = makeEmployeeId(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'));
  return {
    employee_id: employee,
    run_id: makeRunId({ employee, version: 1, at: new Date().toISOString() }),
    approval_id: randomUUID(),
    schedule_id: randomUUID(),
    trigger_id: randomUUID(),
    memory_id: randomUUID(),
    suggestion_id: randomUUID(),
    version: '1',
    sha256: createHash('sha256').update(randomUUID()).digest('hex'),
  };
};
const fixed: { [parameter: string]: string } = { provider: 'slack', capability: 'slack.post' };
const fill = (path: string, ids: { [parameter: string]: string }): string =>
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent({ ...fixed, ...ids }[name] ?? 'missing'));

/** From the API's own description, so that a new route is swept too. */
async function routesWithIds(): Promise<{ method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; path: string }[]> {
  const { json } = await call(core.copy.url, undefined, '/openapi.json');
  const paths: [string, object][] = Object.entries(json.paths);
  return paths
    .filter(([path]) => path.startsWith('/v1/') && path.includes('{'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase() as 'GET', path })));
}

const withoutIds = ({ json }: Called) => ({ ...json, instance: undefined });

test('no route tells an organisation of another one: its ids are like nobody’s', async () => {
  const routes = await routesWithIds();
  expect(routes.length).toBeGreaterThanOrEqual(14);
  for (const { method, path } of routes) {
    const options = { method, ...((method === 'POST' || method === 'PATCH') && { body: {} }) };
    const foreign = await call(core.copy.url, attacker, fill(path, theirs), options);
    const random = await call(core.copy.url, attacker, fill(path, nobodys()), options);
    expect([method, path, foreign.status, foreign.json?.code]).toEqual([method, path, 404, 'not_found']);
    expect(withoutIds(foreign)).toEqual(withoutIds(random));
    expect(foreign.text).not.toContain('c4n4ry');
  }
});

test('lists, and cursors of another organisation, give nothing away', async () => {
  for (const list of [
    '/v1/employees',
    '/v1/runs',
    '/v1/approvals',
    '/v1/schedules',
    '/v1/triggers',
    '/v1/subscriptions',
    '/v1/facts',
    '/v1/memory',
    '/v1/memory?q=c4n4ry',
    ...['runs', 'approvals', 'schedules'].map((list) => `/v1/${list}?employee_id=${theirs['employee_id']}`),
  ]) {
    const answer = await call(core.copy.url, attacker, list);
    expect(answer.json).toEqual({ items: [], next_cursor: null });
  }
  await hire(core.copy.url, victim);
  const page = await call(core.copy.url, victim, '/v1/employees?limit=1');
  const stolen = await call(core.copy.url, attacker, `/v1/employees?cursor=${page.json.next_cursor}`);
  expect(stolen.json).toMatchObject({ status: 400, code: 'invalid_request' });
});

test('among many that are decided at once, those of another organisation are like nobody’s', async () => {
  const ids = [theirs['approval_id'], randomUUID()];
  const decisions = ids.map((approval_id) => ({ approval_id, decision: 'approved', parameters: { text: 'edited' } }));
  const { status, json } = await call(core.copy.url, attacker, '/v1/approvals/decide', { body: { decisions } });
  expect(status).toBe(200);
  const [foreign, random] = json.results;
  expect({ ...foreign, approval_id: ids[1] }).toEqual(random);
  expect(random).toMatchObject({ status: 404, code: 'not_found' });
});

test('nothing of the victim was changed, and its own ids still work', async () => {
  const query = 'select 1 from core.audit where org_id = $1 and actor_id = $2';
  expect(await asOwner(core.database.ownerUrl, query, [victim.orgId, attacker.userId])).toEqual([]);
  const run = await call(core.copy.url, victim, fill('/v1/runs/{run_id}', theirs));
  expect(run.json).toMatchObject({ status: 'requested', trigger: { payload: { canary: 'c4n4ry' } } });
});
