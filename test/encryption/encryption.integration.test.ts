import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunEvent } from '../../cli/client/run-events.ts';
import { TASK_QUEUES } from '../../contracts/run.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { post } from '../faults/one-skill.ts';
import { openSite, type Site } from '../faults/site.ts';
import { findSecrets } from '../leaks/search.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';
import { rotateKey } from './rotate.ts';
import { showWorkflow } from './show-workflow.ts';
import { temporalDatabase, ticketsOf } from './temporal-database.ts';

/** Stands in what runs are given, make and fail with, and in what people say about them. */
const CANARY = `canary-${randomBytes(12).toString('hex')}`;
const canary = { name: 'the canary', value: CANARY };

let world: TestStack;
beforeAll(async () => {
  world = await startTestStack({ encrypted: true });
});
afterAll(() => world.close());

const nth = (n: number) => ({ ...post(`Message ${n}, ${CANARY}.`), id: `post_${n}` });
const texts = async (site: Site) => (await site.posts()).map(({ text }) => text);

async function eventsOf(site: Site, runId: string): Promise<RunEvent['event'][]> {
  const events: RunEvent['event'][] = [];
  for await (const { event } of site.manager.runs.events(runId)) events.push(event);
  return events;
}

/** Ids of the keys that a run's own history names, in its order. */
async function keysIn(runId: string): Promise<(string | undefined)[]> {
  const { address, namespace } = world.stack.temporal;
  const connection = await Connection.connect({ address });
  try {
    const { events } = await new Client({ connection, namespace }).workflow.getHandle(runId).fetchHistory();
    const kids = [...JSON.stringify(events).matchAll(/"kid":"([^"]+)"/g)].map(([, kid]) => kid);
    return [...new Set(kids)];
  } finally {
    await connection.close();
  }
}

it('a run completes, and its events can be read', async () => {
  const site = await openSite(world);
  const runId = await site.start({ nodes: [nth(1), nth(2)] });
  expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
  expect(await texts(site)).toHaveLength(2);
  const events = await eventsOf(site, runId);
  expect(events.filter(({ kind }) => kind === 'call.requested').map(({ data }) => data['parameters'])).toMatchObject([
    { text: `Message 1, ${CANARY}.` },
    { text: `Message 2, ${CANARY}.` },
  ]);
  expect(events.at(-1)).toMatchObject({ kind: 'run.completed', data: { capabilities_used: ['slack.post'] } });
});

it('a value that is too large for Temporal is kept by Agent-Core, and read through it', async () => {
  const site = await openSite(world);
  const runId = await site.start({
    nodes: [{ id: 'pad', kind: 'transform', expression: `$pad("${CANARY}", 600000, "x")` }],
  });
  expect(await site.untilEnded(runId)).toMatchObject({
    status: 'completed',
    result: { result: { work: { pad: expect.any(String) } } },
  });
  const kept = await site.query(`select 1 from core.blobs where org_id = $1 and kind = 'payload' and state = 'stored'`);
  expect(kept.length).toBeGreaterThan(0);
  const [skill, token] = [`${runId}:skill:work`, await site.org.token('owner')];
  expect(await showWorkflow(world, skill, token)).toContain(`${CANARY}xxxx`);
  const asStored = await showWorkflow(world, skill);
  expect(asStored).not.toContain(CANARY);
  expect(asStored.length).toBeLessThan(200_000);
  expect((await eventsOf(site, runId)).at(-1)).toMatchObject({ kind: 'run.completed' });
});

it.each(['child', 'inline'] as const)('a retry goes on from what a failed run had done (%s)', async (isolation) => {
  const site = await openSite(world);
  const fault = { kind: 'error', error: 'not_in_channel', method: 'chat.postMessage', nth: 2, times: 100 } as const;
  await world.sandbox.inject({ ...fault, team: site.team });
  const runId = await site.start({ nodes: [nth(1), nth(2)], isolation });
  expect(await site.untilEnded(runId)).toMatchObject({ status: 'failed', error_code: 'provider_refused' });
  await world.sandbox.clearFaults(site.team);
  const { run_id: retry } = await site.manager.runs.retry(runId);
  expect(await site.untilEnded(retry)).toMatchObject({ status: 'completed' });
  expect(await texts(site)).toEqual([`Message 1, ${CANARY}.`, `Message 2, ${CANARY}.`]);
});

it('a run that fails says why, to those who may read it', async () => {
  const site = await openSite(world);
  const runId = await site.start({ nodes: [{ id: 'burst', kind: 'transform', expression: `$error("${CANARY}")` }] });
  const ended = await site.untilEnded(runId);
  expect(ended).toMatchObject({ status: 'failed', error_code: 'expression_failed' });
  const failed = (await eventsOf(site, runId)).find(({ kind }) => kind === 'skill.failed');
  expect(failed?.data['message']).toBe(ended.result?.error);
  expect(failed?.data['message']).toContain(CANARY);
});

it('people are asked, and what they say reaches the run; their reasons stay in our own records', async () => {
  const site = await openSite(world);
  const runId = await site.start({ nodes: [nth(1), nth(2)], effect: 'require_approval' });
  const first = (await site.untilWaitingOn(runId, 'approval:')).slice('approval:'.length);
  await site.manager.approvals.approve(first, `yes, ${CANARY}`);
  const isNext = async () => {
    const word = (await site.run(runId)).waiting_on.find((one) => one.startsWith('approval:') && !one.endsWith(first));
    return word !== undefined;
  };
  await waitUntil(isNext, { timeoutMs: 40_000, what: 'the second question', everyMs: 200 });
  await site.manager.runs.terminate(runId, `no, ${CANARY}`);
  const ended = await site.untilEnded(runId);
  expect(ended.result?.error).toBe(`The run was terminated: no, ${CANARY}`);
  expect(await texts(site)).toHaveLength(1);
});

it('a run that began before its key was changed goes on in processes that start after, and can be read', async () => {
  const site = await openSite(world);
  const runId = await site.start({ nodes: [nth(1), nth(2)], effect: 'require_approval' });
  const first = (await site.untilWaitingOn(runId, 'approval:')).slice('approval:'.length);
  const { worker, api } = world.stack.processes;
  worker.kill('SIGKILL');
  expect(await rotateKey(world, site.org.orgId)).toContain(site.org.orgId);
  await Promise.all([worker.restart(), api.restart()]);
  await site.manager.approvals.approve(first);
  const isNext = async () => {
    const word = (await site.run(runId)).waiting_on.find((one) => one.startsWith('approval:') && !one.endsWith(first));
    return word?.slice('approval:'.length);
  };
  const second = await waitUntil(isNext, { timeoutMs: 40_000, what: 'the second question', everyMs: 200 });
  await site.manager.approvals.approve(second);
  expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
  expect(await texts(site)).toHaveLength(2);
  expect(await keysIn(runId)).toHaveLength(2);
  const events = await eventsOf(site, runId);
  expect(events.filter(({ kind }) => kind === 'call.succeeded')).toHaveLength(2);
  expect(events.filter(({ kind }) => kind === 'call.requested').every(({ data }) => data['parameters'] !== undefined)).toBe(true);
});

it('a schedule makes its runs', async () => {
  const site = await openSite(world);
  const employeeId = await site.hire({ nodes: [nth(1)] });
  const due = { employee_id: employeeId, times: { cron: '0 0 1 1 *' }, input: { text: CANARY }, note: CANARY };
  const { schedule_id: id } = await site.manager.schedules.create(due);
  await site.manager.schedules.trigger(id);
  const itsRun = async () => (await site.manager.runs.list({ employee_id: employeeId })).items[0]?.run_id;
  const runId = await waitUntil(itsRun, { timeoutMs: 40_000, what: 'the run of the schedule', everyMs: 200 });
  expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
  expect(await texts(site)).toEqual([`Message 1, ${CANARY}.`]);
});

it('workflows of nobody, started by whoever reaches Temporal, get no key and end no worker', async () => {
  const { address, namespace } = world.stack.temporal;
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection, namespace });
    const ids = ['nobodys', 'emp:0123456789abcdefghjkmnpqrs_v1:2026-11-23T10:00:00.000Z'];
    for (const workflowId of ids) {
      const handle = await workflow.start('employeeRun', { workflowId, taskQueue: TASK_QUEUES.workers, args: [{}] });
      const hasFailed = async () => ((await handle.describe()).raw.pendingWorkflowTask?.attempt ?? 0) > 1;
      await waitUntil(hasFailed, { timeoutMs: 20_000, what: 'its first task to fail', everyMs: 200 });
      await handle.terminate();
    }
  } finally {
    await connection.close();
  }
  const site = await openSite(world);
  expect(await site.untilEnded(await site.start({ nodes: [nth(1)] }))).toMatchObject({ status: 'completed' });
});

it("Temporal's own command shows a run through the codec server, without its ticket, and nothing of it otherwise", async () => {
  const site = await openSite(world);
  const runId = await site.start({ nodes: [nth(1)] });
  await site.untilEnded(runId);
  const shown = async (token?: string) => showWorkflow(world, runId, token);
  expect(await shown(await site.org.token('admin'))).toContain(`Message 1, ${CANARY}.`);
  expect(await shown(await site.org.token('admin'))).toContain('left out: a credential');
  expect(await shown()).not.toContain(CANARY);
});

it('nothing that runs were given, made or failed with stands in the database of Temporal, nor a ticket', async () => {
  const place = await temporalDatabase(world);
  expect(findSecrets([{ name: 'the encoding', value: 'binary/encrypted' }], [place])).toHaveLength(1);
  expect(findSecrets([canary, await ticketsOf(world)], [place])).toEqual([]);
});
