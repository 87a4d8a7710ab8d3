import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporalScheduleId } from '../../contracts/schedule.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import type { TestPerson } from '../testing/people.ts';
import { startTestTemporal, type TestTemporal } from '../testing/temporal.ts';
import { until } from '../testing/until.ts';

let temporal: TestTemporal;
let core: TestCore;
let workers: { stop(): Promise<void> };
let owner: TestPerson;
let employeeId: string;

beforeAll(async () => {
  temporal = await startTestTemporal();
  core = await startTestCore({ temporalAddress: temporal.server.address, loops: true });
  workers = await temporal.startWorkers(core);
  owner = await core.person('owner');
  employeeId = await hire(core.copy.url, owner);
});
afterAll(async () => {
  await workers?.stop();
  await core?.stop();
  await temporal?.stop();
});

const api = (path: string, options?: Parameters<typeof call>[3]) => call(core.copy.url, owner, path, options);
const show = async (path: string) => (await api(path)).json;
const runPath = (runId: string) => `/v1/runs/${encodeURIComponent(runId)}`;

/** A schedule that is due once a year: in these tests a person orders its runs. */
async function make(body: object = {}): Promise<{ id: string; path: string }> {
  const created = await api('/v1/schedules', {
    body: { employee_id: employeeId, times: { cron: '0 0 1 1 *' }, timezone: 'Europe/Berlin', ...body },
  });
  expect(created.status).toBe(201);
  const path: string = created.json.links.self;
  await until('Temporal knows the schedule', async () => (await show(path)).in_step);
  return { id: created.json.schedule_id, path };
}

async function trigger(path: string): Promise<string> {
  const ordered = await api(`${path}/trigger`, { method: 'POST' });
  expect(ordered.status).toBe(202);
  return ordered.json.nominal_time;
}

interface Fired {
  nominal_time: string;
  status: string;
  run_id: string;
}

const firing = (path: string, nominalTime: string, isIt: (one: Fired) => boolean = (one) => one.status === 'prepared') =>
  until(`the firing of ${nominalTime}`, async () => {
    const found: Fired | undefined = (await show(path)).recent.find((one: Fired) => one.nominal_time === nominalTime);
    return found && isIt(found) && found;
  });
const withStatus = (runId: string, status: string) =>
  until(`${runId} is ${status}`, async () => {
    const run = await show(runPath(runId));
    return run.status === status && run;
  });

test('a schedule runs its employee under our run id, as a child that Temporal can overlap', async () => {
  const { id, path } = await make({ input: { does: 'complete' } });
  const nominal = await trigger(path);
  const { run_id: runId } = await firing(path, nominal);
  expect(runId).toBe(`emp:${employeeId}_v1:${nominal.slice(0, 16)}Z`);

  const run = await withStatus(runId, 'completed');
  expect(run.trigger).toEqual({
    type: 'schedule',
    payload: { does: 'complete' },
    source: `schedule:${id}`,
    schedule: { schedule_id: id, nominal_time: nominal },
  });
  expect(run.initiator).toMatchObject({ type: 'schedule', id: owner.userId, ordered_by: owner.userId });
  const described = await temporal.client.workflow.getHandle(runId).describe();
  expect(described.searchAttributes).toMatchObject({ OrgId: [owner.orgId], ScheduleId: [id], TriggerType: ['schedule'] });
  expect(described.parentExecution?.workflowId).toBe(`${temporalScheduleId(id)}-${nominal.slice(0, 19)}Z`);
  const parent = temporal.client.workflow.getHandle(described.parentExecution?.workflowId ?? '');
  expect(await parent.result()).toEqual({ run_id: runId, status: 'completed' });
});

test('while a run is going on, overlap skip leaves the next one out, and the schedule says so', async () => {
  const { path } = await make({ input: { does: 'wait' }, overlap: 'skip' });
  const first = await trigger(path);
  const { run_id: runId } = await firing(path, first);
  await withStatus(runId, 'running');

  const second = await trigger(path);
  const skipped = await firing(path, second, ({ status }) => status === 'skipped');
  expect(skipped).toMatchObject({ run_id: null, refused_reason: expect.stringContaining('an earlier run') as string });
  expect((await show(path)).temporal.skipped_overlap).toBe(1);
  await api(`${runPath(runId)}/cancel`, { body: {} });
  await withStatus(runId, 'interrupted');
});

test('an order that waits for the earlier run is not taken for one that was left out', async () => {
  const { path } = await make({ input: { does: 'wait' }, overlap: 'buffer_one' });
  const { run_id: first } = await firing(path, await trigger(path));
  await withStatus(first, 'running');
  const waiting = await trigger(path);
  const leftOut = await trigger(path);
  await until('Temporal left one out', async () => (await show(path)).temporal.skipped_overlap === 1);
  await firing(path, waiting, ({ status }) => status === 'ordered');

  await api(`${runPath(first)}/cancel`, { body: {} });
  const { run_id: second } = await firing(path, waiting);
  await firing(path, leftOut, ({ status }) => status === 'skipped');
  await api(`${runPath(second)}/cancel`, { body: {} });
  await withStatus(second, 'interrupted');
});

test('cancel_other ends the earlier run in its own words and starts the next', async () => {
  const { path } = await make({ input: { does: 'wait' }, overlap: 'cancel_other' });
  const first = await firing(path, await trigger(path));
  await withStatus(first.run_id, 'running');
  const second = await firing(path, await trigger(path));
  expect((await withStatus(first.run_id, 'interrupted')).result.result).toEqual({ answer: 'cancelled' });
  await withStatus(second.run_id, 'running');
  await api(`${runPath(second.run_id)}/cancel`, { body: {} });
  await withStatus(second.run_id, 'interrupted');
});

test('pausing is seen in Temporal with its note, and resuming and deleting too', async () => {
  const { id, path } = await make();
  const handle = temporal.client.schedule.getHandle(temporalScheduleId(id));
  expect((await handle.describe()).state.paused).toBe(false);

  const paused = await api(`${path}/pause`, { body: { note: 'holidays' } });
  expect(paused.json).toMatchObject({ status: 'paused', status_note: 'holidays', next_time: null });
  const state = await until('paused there', async () => {
    const described = await handle.describe();
    return described.state.paused && described.state;
  });
  expect(state.note).toBe('holidays');

  await api(`${path}/resume`, { body: {} });
  await until('resumed there', async () => !(await handle.describe()).state.paused);
  expect((await api(path, { method: 'DELETE' })).status).toBe(204);
  await until('gone there', async () =>
    handle.describe().then(
      () => false,
      () => true,
    ),
  );
  expect((await api(path)).status).toBe(404);
});

test('what is changed reaches Temporal, which agrees about the next ten times', async () => {
  const { id, path } = await make();
  const etag = (await api(path)).headers.get('etag') ?? '';
  const change = { times: { cron: '30 2 * * 0,3' }, overlap: 'buffer_one', catch_up_seconds: 600, note: 'nightly' };
  const patched = await api(path, { method: 'PATCH', body: change, headers: { 'if-match': etag } });
  expect(patched.json).toMatchObject(change);
  const stale = await api(path, { method: 'PATCH', body: { note: 'late' }, headers: { 'if-match': etag } });
  expect(stale.json.code).toBe('version_conflict');

  await until('in step', async () => (await show(path)).in_step);
  const described = await temporal.client.schedule.getHandle(temporalScheduleId(id)).describe();
  expect(described.policies).toMatchObject({ overlap: 'BUFFER_ONE', catchupWindow: 600_000 });
  const theirs = described.info.nextActionTimes.map((time) => time.toISOString());
  expect((await show(path)).next_times).toEqual(theirs);
  expect(theirs).toHaveLength(10);
});

test.each([
  ['Europe/Berlin', { cron: '30 2 * * 0,3' }],
  ['America/New_York', { cron: '*/25 1-2 1,8-14,31 jan-nov *' }],
  ['Asia/Kathmandu', { cron: '0 9 * * 5-7' }],
  ['America/St_Johns', { cron: '15 0 13 * fri' }],
  ['UTC', { cron: '0 12 29 2 *' }],
  ['Europe/Berlin', { calendar: { at: ['02:30', '03:15'], days_of_week: ['sunday'], months: [3, 10] } }],
])('in %s, Temporal takes %j at the times that we show', async (timezone, times) => {
  const { id, path } = await make({ timezone, times });
  const described = await temporal.client.schedule.getHandle(temporalScheduleId(id)).describe();
  const theirs = described.info.nextActionTimes.map((time) => time.toISOString());
  expect((await show(path)).next_times.slice(0, theirs.length)).toEqual(theirs.slice(0, 10));
  expect(theirs.length).toBeGreaterThan(1);
});

test('the same key makes one schedule and one order', async () => {
  const body = { employee_id: employeeId, times: { cron: '0 0 1 1 *' } };
  const answers = await Promise.all([1, 2].map(() => api('/v1/schedules', { body, key: 'schedule-1' })));
  expect(new Set(answers.map(({ json }) => json.schedule_id)).size).toBe(1);
  const path: string = answers[0]!.json.links.self;
  const orders = await Promise.all([1, 2].map(() => api(`${path}/trigger`, { method: 'POST', key: 'order-1' })));
  expect(new Set(orders.map(({ json }) => json.nominal_time)).size).toBe(1);
});

test.each([
  [{ times: { cron: '0 25 * * *' } }, '/times/cron'],
  [{ times: { cron: '0 9 30 2 *' } }, '/times/cron'],
  [{ timezone: 'Berlin' }, '/timezone'],
])('%j is refused, and the field is named', async (wrong, field) => {
  const body = { employee_id: employeeId, times: { cron: '0 9 * * *' }, ...wrong };
  const { status, json } = await api('/v1/schedules', { body });
  expect(status).toBe(400);
  expect(json.fields).toContainEqual(expect.objectContaining({ field }));
});

test('who may not start runs may look at schedules and make none, and another organisation sees none', async () => {
  const { path } = await make();
  const viewer = await core.person('viewer', owner.orgId);
  expect((await call(core.copy.url, viewer, path)).status).toBe(200);
  for (const verb of ['pause', 'resume', 'trigger']) {
    expect((await call(core.copy.url, viewer, `${path}/${verb}`, { method: 'POST' })).status).toBe(403);
  }
  const stranger = await core.person('owner');
  expect((await call(core.copy.url, stranger, path)).status).toBe(404);
  expect((await call(core.copy.url, stranger, path, { method: 'DELETE' })).status).toBe(404);
  expect((await call(core.copy.url, stranger, path, { method: 'PATCH', body: { note: 'x' } })).status).toBe(404);
  for (const verb of ['pause', 'resume', 'trigger']) {
    expect((await call(core.copy.url, stranger, `${path}/${verb}`, { method: 'POST' })).status).toBe(404);
  }
  const body = { employee_id: employeeId, times: { cron: '0 9 * * *' } };
  expect((await call(core.copy.url, stranger, '/v1/schedules', { body })).status).toBe(404);
});

test('a schedule whose owner has left makes no run and waits for a new owner', async () => {
  const leaver = await core.person('operator', owner.orgId);
  const body = { employee_id: employeeId, times: { cron: '0 0 1 1 *' }, input: { does: 'complete' } };
  const path: string = (await call(core.copy.url, leaver, '/v1/schedules', { body })).json.links.self;
  await asOwner(core.database.ownerUrl, 'update authz.memberships set removed_at = now() where user_id = $1', [leaver.userId]);

  const nominal = await trigger(path);
  const refused = await firing(path, nominal, (one) => one.status === 'refused');
  expect(refused).toMatchObject({ run_id: null, refused_code: 'permission_missing' });
  const shown = await until('paused at Temporal', async () => {
    const view = await show(path);
    return view.temporal?.paused && view;
  });
  expect(shown.status).toBe('needs_owner');
  expect(shown.temporal.note).toContain('needs_owner');
  expect((await api(`${path}/trigger`, { method: 'POST' })).json.code).toBe('conflict');

  // A pause in between hides the loss, and does not undo it.
  await api(`${path}/pause`, { body: {} });
  const resumed = await api(`${path}/resume`, { body: {} });
  expect(resumed.json).toMatchObject({ status: 'active', owner_user_id: owner.userId });
  const { run_id: runId } = await firing(path, await trigger(path));
  await withStatus(runId, 'completed');
});
