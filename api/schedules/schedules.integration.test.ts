import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporalScheduleId } from '../../contracts/schedule.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
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
  expect(created.status, created.text).toBe(201);
  const path: string = created.json.links.self;
  await until('Temporal knows the schedule', async () => (await show(path)).in_step);
  return { id: created.json.schedule_id, path };
}

async function trigger(path: string): Promise<string> {
  const ordered = await api(`${path}/trigger`, { method: 'POST' });
  expect(ordered.status, ordered.text).toBe(202);
  return ordered.json.nominal_time;
}

const firing = (path: string, nominalTime: string, isIt: (one: any) => boolean = (one) => one.status === 'prepared') =>
  until(`the firing of ${nominalTime}`, async () => {
    const found = (await show(path)).recent.find((one: any) => one.nominal_time === nominalTime);
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
