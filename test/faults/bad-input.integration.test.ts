import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callDirectly, type DirectCaller } from '../hub-kill/call-directly.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';
import { announce } from './announce.ts';
import { BAD_REQUESTS, startOf, type Sent } from './bad-requests.ts';
import { exitOf } from './exit-of.ts';
import { post, read } from './one-skill.ts';
import { openSite, type Site } from './site.ts';

const POST = { provider: 'slack', capability: 'slack.post' };
const problemSchema = z.looseObject({
  code: z.string(),
  status: z.int(),
  detail: z.string(),
  fields: z.array(z.looseObject({ field: z.string() })).optional(),
});

let world: TestStack;
let site: Site;
let active: string;
let draft: string;
beforeAll(async () => {
  world = await startTestStack();
  site = await openSite(world);
  active = await site.hire({ nodes: [post('Hello.')] });
  draft = (await site.manager.employees.create({ jobDescription: 'Post "Hello" in #billing.' })).employee_id;
});
afterAll(() => world.close());

async function send({ path, body, key = randomUUID(), bearer }: Sent) {
  const token = bearer === undefined ? await site.org.token('admin') : bearer;
  const answer = await fetch(new URL(path, world.stack.urls.api), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(key !== null && { 'idempotency-key': key }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { type: answer.headers.get('content-type') ?? '', problem: problemSchema.parse(await answer.json()) };
}

describe('Agent-Core refuses', () => {
  const before = async () => (await site.query('select count(*) from core.runs where org_id = $1'))[0]?.['count'];
  it.each(BAD_REQUESTS)('$what, and starts nothing', async ({ sent, expected }) => {
    const runs = await before();
    const { type, problem } = await send(sent({ active, draft }));
    expect(type).toContain('application/problem+json');
    expect(problem).toMatchObject(expected);
    expect(await before()).toBe(runs);
  });

  it("another organisation's employee as if there were none", async () => {
    const stranger = world.newOrg();
    const { problem } = await send({ ...startOf(active, {}), bearer: await stranger.token('admin') });
    expect(problem).toMatchObject({ code: 'not_found', status: 404 });
  });

  it('the same key with another body, and answers the same body with the first run', async () => {
    const start = (input: { n: number }) => site.manager.runs.start(active, input, 'one-key');
    const first = await start({ n: 1 });
    expect(await start({ n: 1 })).toEqual(first);
    await expect(start({ n: 2 })).rejects.toMatchObject({ code: 'idempotency_key_reused', problem: { status: 422 } });
    const made = await site.query(
      `select run_id from core.runs where org_id = $1 and intent -> 'intent' -> 'trigger' -> 'payload' ? 'n'`,
    );
    expect(made).toEqual([{ run_id: first.run_id }]);
  });
});

describe('ConnectHub refuses', () => {
  let caller: DirectCaller;
  let calls = 0;
  const body = { parameters: { channel: '#billing', text: 'No.' } };
  beforeAll(async () => {
    const runId = await site.start({ nodes: [{ id: 'pause', kind: 'wait', seconds: 3_600 }, post('Later.')] });
    await site.untilWaitingOn(runId, 'timer');
    caller = await callDirectly(world.stack, site, runId, ['slack/slack.post']);
  });

  it.each([
    { what: 'an unknown field', sent: { as: 'Ann' }, code: 'invalid_request', status: 400 },
    { what: 'a wrong type', sent: { parameters: 'all' }, code: 'invalid_request', status: 400 },
    {
      what: 'an unknown parameter',
      sent: { parameters: { ...body.parameters, token: 'x' } },
      code: 'parameters_invalid',
      status: 400,
    },
    {
      what: 'a parameter of a wrong type',
      sent: { parameters: { channel: 7, text: '' } },
      code: 'parameters_invalid',
      status: 400,
    },
    {
      what: 'a connection that is not the granted one',
      sent: { connection_id: 'conn_nobody' },
      code: 'grant_missing',
      status: 403,
    },
    { what: 'a capability that nobody has', capability: 'slack.shout', code: 'capability_unknown', status: 404 },
    {
      what: 'a capability that was not granted',
      capability: 'slack.dm',
      sent: { parameters: { user: '@dana', text: 'x' } },
      code: 'grant_missing',
      status: 403,
    },
  ])('$what, and stores nothing', async ({ sent = {}, capability, code, status }) => {
    const callId = caller.callId((calls += 1));
    const answer = await caller.post(
      world.stack.urls.connecthub,
      callId,
      { connection_id: site.connectionId, ...body, ...sent },
      capability,
    );
    expect(answer).toMatchObject({ status, body: { code, status } });
    expect(await site.query('select 1 from hub.call_keys where org_id = $1 and call_id = $2', callId)).toEqual([]);
  });
});

describe('a body of 10 MB', () => {
  it.each(['api', 'connecthub'] as const)('is refused by %s before it is read', async (service) => {
    const path = service === 'api' ? '/v1/employees' : '/receipts/x/resolve';
    const headers = { authorization: `Bearer ${await site.org.token('admin')}`, 'idempotency-key': randomUUID() };
    const answer = await announce(new URL(path, world.stack.urls[service]), headers, 10 * 1024 * 1024);
    expect(answer).toMatchObject({ status: 413, body: { code: 'payload_too_large', status: 413 } });
  });
});

describe('a run ends as failed, and says why, when', () => {
  it('its connection is gone', async () => {
    const own = await openSite(world);
    const employeeId = await own.hire({ nodes: [post('Hello.')] });
    await own.manager.connections.remove(own.connectionId);
    const run = await own.untilEnded((await own.manager.runs.start(employeeId)).run_id);
    expect(run).toMatchObject({ status: 'failed', error_code: 'connection_missing', waiting_on: [] });
    expect(await own.requests('chat.postMessage')).toEqual([]);
  });

  it('a grant of it was taken away', async () => {
    const own = await openSite(world);
    const employeeId = await own.hire({ nodes: [read(), post('Hello.')] });
    await own.manager.grants.revoke(employeeId, POST);
    const run = await own.untilEnded((await own.manager.runs.start(employeeId)).run_id);
    expect(run).toMatchObject({ status: 'failed', error_code: 'grant_missing', result: { capabilities_used: ['slack.read'] } });
    expect(await own.requests('chat.postMessage')).toEqual([]);
    const refused = await own.query(`select details from hub.audit where org_id = $1 and action = 'call.refuse' and not allowed`);
    expect(refused).toMatchObject([{ details: { code: 'grant_missing' } }]);
  });
});

describe('without PostgreSQL or Temporal', () => {
  const NO_POSTGRES = { DATABASE_URL: 'postgres://ann:hunter2@127.0.0.1:1/clancy', PORT: '0' };
  const NO_TEMPORAL = { TEMPORAL_ADDRESS: '127.0.0.1:1', PORT: '0' };
  it.each([
    { name: 'api', missing: 'PostgreSQL', instead: NO_POSTGRES, fix: 'DATABASE_URL' },
    { name: 'connecthub', missing: 'PostgreSQL', instead: NO_POSTGRES, fix: 'DATABASE_URL' },
    { name: 'api', missing: 'Temporal', instead: NO_TEMPORAL, fix: 'TEMPORAL_ADDRESS' },
    { name: 'worker', missing: 'Temporal', instead: NO_TEMPORAL, fix: 'TEMPORAL_ADDRESS' },
  ] as const)('$name says in one message that $missing is missing, and ends', async ({ name, missing, instead, fix }) => {
    const { code, said } = await exitOf(name, { ...world.stack.environments[name], ...instead });
    expect(code).toBe(1);
    const lines = said.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${missing} does not answer at 127\\.0\\.0\\.1:1.*${fix}.*npm run dev`));
    expect(said).not.toContain('hunter2');
  });
});
