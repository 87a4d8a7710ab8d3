import { ScheduleOverlapPolicy, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPrepareScheduledRun } from '../../activities/agent-core/prepare-scheduled-run.ts';
import { firedWorkflowId, temporalScheduleId } from '../../contracts/schedule.ts';
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

async function make(body: object = {}): Promise<{ id: string; path: string }> {
  const created = await api('/v1/schedules', {
    body: { employee_id: employeeId, times: { cron: '0 0 1 1 *' }, input: { does: 'complete' }, ...body },
  });
  const path: string = created.json.links.self;
  await until('Temporal knows the schedule', async () => (await api(path)).json.in_step);
  return { id: created.json.schedule_id, path };
}

const runsOf = (scheduleId: string) =>
  asOwner(core.database.ownerUrl, `select run_id from core.runs where trigger -> 'schedule' ->> 'schedule_id' = $1`, [
    scheduleId,
  ]);

/** Starts `scheduledRun` straight at Temporal, as somebody who reaches it can; gives the word it fails with. */
async function forge(workflowId: string, input: object): Promise<string | null | undefined> {
  const handle = await temporal.client.workflow.start('scheduledRun', { workflowId, taskQueue: 'agent-workers', args: [input] });
  const error: unknown = await handle.result().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure ? cause.type : undefined;
}

test.each([
  ['a time of its own', (id: string) => firedWorkflowId(id, new Date(Date.now() - 3_600_000)), {}],
  ['a real time of the schedule', (id: string) => firedWorkflowId(id, new Date('2027-01-01T00:00:00Z')), {}],
  ['no time at all', (id: string) => `${temporalScheduleId(id)}-soon`, {}],
  ['the id of another schedule', () => firedWorkflowId(crypto.randomUUID(), new Date()), {}],
  ['another organisation', (id: string) => firedWorkflowId(id, new Date()), { org_id: 'org_other' }],
])('a scheduledRun that somebody started by hand with %s gets no run', async (_what, idOf, more) => {
  const { id } = await make();
  expect(await forge(idOf(id), { org_id: owner.orgId, schedule_id: id, ...more })).toBe('ids_disagree');
  expect(await runsOf(id)).toEqual([]);
});

test('an instant that was due, and that Temporal left out, is no ground for a scheduledRun that somebody starts', async () => {
  const due = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 60_000);
  const { id } = await make({ times: { cron: `${due.getUTCMinutes()} ${due.getUTCHours()} * * *` } });
  await asOwner(
    core.database.ownerUrl,
    `update core.schedules set created_at = now() - interval '1 hour' where schedule_id = $1`,
    [id],
  );
  expect(await forge(firedWorkflowId(id, due), { org_id: owner.orgId, schedule_id: id })).toBe('ids_disagree');
  expect(await runsOf(id)).toEqual([]);
});

test('a forged scheduledRun leaves a trace at the organisation whose schedule it names', async () => {
  const { id } = await make();
  const workflowId = firedWorkflowId(id, new Date());
  await forge(workflowId, { org_id: owner.orgId, schedule_id: id });
  expect(await core.audit(owner.orgId, 'schedule.fire')).toContainEqual(
    expect.objectContaining({
      object_id: id,
      allowed: false,
      details: expect.objectContaining({ workflow_id: workflowId }) as object,
    }),
  );
});

test('an instant that was ordered at Temporal and not with us gets no run, however real the schedule', async () => {
  const { id, path } = await make();
  await temporal.client.schedule.getHandle(temporalScheduleId(id)).trigger(ScheduleOverlapPolicy.ALLOW_ALL);
  const handle = temporal.client.schedule.getHandle(temporalScheduleId(id));
  const action = await until('Temporal started it', async () => (await handle.describe()).info.recentActions.at(0)?.action);
  await expect(temporal.client.workflow.getHandle(action.workflow.workflowId).result()).rejects.toThrow(WorkflowFailedError);
  expect(await runsOf(id)).toEqual([]);
  expect((await api(path)).json.recent).toEqual([]);
});

test('a second workflow under the id of one that had its run gets none', async () => {
  const { id, path } = await make();
  const nominal: string = (await api(`${path}/trigger`, { method: 'POST' })).json.nominal_time;
  const workflowId = firedWorkflowId(id, new Date(nominal));
  await until('the first has ended', async () =>
    temporal.client.workflow
      .getHandle(workflowId)
      .describe()
      .then(({ status }) => status.name === 'COMPLETED')
      .catch(() => false),
  );
  expect(await forge(workflowId, { org_id: owner.orgId, schedule_id: id })).toBe('ids_disagree');
  expect(await runsOf(id)).toHaveLength(1);
});

test('a prepared run whose answer was lost is found again: one instant makes one run', async () => {
  const { id, path } = await make();
  await workers.stop();
  const nominal: string = (await api(`${path}/trigger`, { method: 'POST' })).json.nominal_time;
  const workflowId = firedWorkflowId(id, new Date(nominal));
  const { runId: temporalRunId } = await until('Temporal started it', async () =>
    temporal.client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => undefined),
  );
  // Processes that die after their commit and before Temporal has heard of it.
  const prepare = createPrepareScheduledRun({ ...core.copy.core.activities, logger: { warn: () => undefined } });
  const place = { workflowId, temporalRunId };
  const input = { org_id: owner.orgId, schedule_id: id };
  const lost = await Promise.all([prepare(input, place), prepare(input, place)]);
  expect(lost.map(({ kind }) => kind)).toEqual(['run', 'run']);
  expect(await runsOf(id)).toHaveLength(1);

  workers = await temporal.startWorkers(core);
  const [run] = await runsOf(id);
  expect(await temporal.client.workflow.getHandle(workflowId).result()).toEqual({ run_id: run?.['run_id'], status: 'completed' });
  expect(await runsOf(id)).toHaveLength(1);
});

test('a run whose starter was terminated before it started it is recorded as interrupted', async () => {
  const { id, path } = await make();
  await workers.stop();
  const nominal: string = (await api(`${path}/trigger`, { method: 'POST' })).json.nominal_time;
  const handle = temporal.client.workflow.getHandle(firedWorkflowId(id, new Date(nominal)));
  const { runId: temporalRunId } = await until('Temporal started it', async () => handle.describe().catch(() => undefined));
  const prepare = createPrepareScheduledRun({ ...core.copy.core.activities, logger: { warn: () => undefined } });
  await prepare({ org_id: owner.orgId, schedule_id: id }, { workflowId: handle.workflowId, temporalRunId });
  await until('the run says what it waits for', async () => {
    const { json } = await api(`/v1/runs?employee_id=${employeeId}&status=requested`);
    return json.items[0]?.waiting_on.includes('worker');
  });
  await handle.terminate('by an operator');
  const run = await until('the run is closed', async () => {
    const { json } = await api(`/v1/runs?employee_id=${employeeId}&status=interrupted`);
    return json.items[0];
  });
  const shown = (await api(run.links.self)).json;
  expect(shown.result.error).toContain("The schedule's workflow ended");
  workers = await temporal.startWorkers(core);
});
