import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporalScheduleId } from '../../contracts/schedule.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { post } from '../faults/one-skill.ts';
import { openSite, type Site } from '../faults/site.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';
import { find, type Found } from './histories.ts';

let world: TestStack;
beforeAll(async () => {
  world = await startTestStack();
});
afterAll(() => world.close());

const asked = { nodes: [{ id: 'nap', kind: 'wait' as const, seconds: 1 }, post('Asked.')], effect: 'require_approval' as const };
const UI = 'http://127.0.0.1';

/** Everything that operators find of a run: itself and its skills. */
function ofRun(site: Site, runId: string): Promise<Found[]> {
  const below = `ParentWorkflowId="${runId}"`;
  return find(world.stack.temporal, `OrgId="${site.org.orgId}" AND (WorkflowId="${runId}" OR ${below})`);
}

/** Temporal's visibility trails its history. */
const untilFound = (site: Site, runId: string, isReady: (found: Found[]) => boolean) =>
  waitUntil(
    async () => {
      const found = await ofRun(site, runId);
      return isReady(found) ? found : undefined;
    },
    { timeoutMs: 20_000, everyMs: 200, what: `Temporal to list ${runId}` },
  );
const areEnded = (found: Found[]): boolean =>
  found.length === 2 && found.every(({ attributes }) => attributes['RunStatus'] !== 'running');
const nothingUnnamed = (found: Found[]): void => {
  for (const { id, summary, details, unnamed } of found) {
    expect([id, unnamed]).toEqual([id, []]);
    expect(summary).toBeTruthy();
    expect(details).toBeTruthy();
  }
};

it('a run and its skill are found by organisation, employee, trigger and state, and what waits by what it waits on', async () => {
  const site = await openSite(world);
  const runId = await site.start(asked);
  const waiting = await site.untilWaitingOn(runId, 'approval:');
  const employee = (await site.run(runId)).employee_id;
  const common = { OrgId: site.org.orgId, EmployeeId: employee, EmployeeVersion: 1, TriggerType: 'direct_command' };
  const [run, skill] = await untilFound(site, runId, (found) => 'WaitingOn' in (found[1]?.attributes ?? {}));
  expect(run).toMatchObject({ id: runId, type: 'employeeRun', attributes: { ...common, RunStatus: 'running' } });
  expect(skill).toMatchObject({
    id: `${runId}:skill:work`,
    type: 'skillRun',
    summary: 'Work',
    attributes: { ...common, RunStatus: 'running', SkillId: 'work', WaitingOn: [waiting] },
  });
  expect(run?.details).toContain(`**Trigger** direct_command by \`person:`);
  expect((await find(world.stack.temporal, `WaitingOn="${waiting}"`)).map(({ id }) => id)).toEqual([skill?.id]);

  const { items } = await site.manager.approvals.list({ run_id: runId });
  await site.manager.approvals.approve(items[0]!.approval_id);
  await site.untilEnded(runId);
  const ended = await untilFound(site, runId, areEnded);
  expect(ended.map(({ attributes }) => attributes['RunStatus'])).toEqual(['completed', 'completed']);
  nothingUnnamed(ended);
});

it('a retry says whose, and is found as its run is', async () => {
  const site = await openSite(world);
  await world.sandbox.inject({ team: site.team, kind: 'error', error: 'not_in_channel', method: 'chat.postMessage', times: 1 });
  const first = await site.start({ nodes: [post('Once.')] });
  expect(await site.untilEnded(first)).toMatchObject({ status: 'failed' });
  expect((await untilFound(site, first, areEnded)).map(({ attributes }) => attributes['RunStatus'])).toEqual([
    'failed',
    'failed',
  ]);
  const [receipt] = await site.receipts(first);
  expect(receipt?.links?.temporal_ui).toBe((await site.run(first)).links?.temporal_ui);
  const { run_id: retry, links } = await site.manager.runs.retry(first);
  expect(links?.temporal_ui).toContain(`/workflows/${encodeURIComponent(retry)}`);
  await site.untilEnded(retry);
  const found = await untilFound(site, retry, areEnded);
  const [before] = await ofRun(site, first);
  expect(found[0]?.attributes).toEqual({ ...before?.attributes, RunStatus: 'completed' });
  expect(found[0]?.details).toContain(`**Retry of** \`${first}\``);
  nothingUnnamed(found);
});

it('what a schedule starts carries its id, from the order down to the skill', async () => {
  const site = await openSite(world);
  const employeeId = await site.hire({ nodes: [post('On time.')] });
  const schedule = await site.manager.schedules.create({ employee_id: employeeId, times: { cron: '0 0 1 1 *' } });
  expect(schedule.links).toMatchObject({
    temporal_ui: expect.stringMatching(`^${UI}.*/schedules/${encodeURIComponent(temporalScheduleId(schedule.schedule_id))}$`),
  });
  await site.manager.schedules.trigger(schedule.schedule_id);
  const query = `ScheduleId="${schedule.schedule_id}"`;
  const found = await waitUntil(
    async () => {
      const all = await find(world.stack.temporal, query);
      const isDone = all.filter(({ attributes }) => attributes['RunStatus'] === 'completed').length === 2;
      return isDone && all.length === 3 ? all : undefined;
    },
    { timeoutMs: 40_000, everyMs: 300, what: 'the run of the schedule and its skill' },
  );
  expect(found.map(({ type }) => type).toSorted()).toEqual(['employeeRun', 'scheduledRun', 'skillRun']);
  for (const { attributes } of found)
    expect(attributes).toMatchObject({ OrgId: site.org.orgId, EmployeeId: employeeId, TriggerType: 'schedule' });
  nothingUnnamed(found);
});

it('every query of docs/operators.md is one that Temporal understands', async () => {
  const page = await readFile(new URL('../../docs/operators.md', import.meta.url), 'utf8');
  const queries = [...page.matchAll(/^\| [^|]+ \| `` (?:\.\.\. AND )?(.+) `` \|$/gm)].map(([, query = '']) => query);
  expect(queries).toHaveLength(7);
  for (const query of queries) await find(world.stack.temporal, query);
});

it('employees and approvals lead to the Web UI too', async () => {
  const site = await openSite(world);
  const runId = await site.start(asked);
  await site.untilWaitingOn(runId, 'approval:');
  const [approval] = (await site.manager.approvals.list({ run_id: runId })).items;
  expect(approval?.links).toMatchObject({ temporal_ui: (await site.run(runId)).links?.temporal_ui });
  const { employee_id: employeeId } = await site.run(runId);
  const { links } = await site.manager.employees.get(employeeId);
  const query = new URL(links?.temporal_ui ?? '').searchParams.get('query') ?? '';
  const listed = await waitUntil(
    async () => {
      const found = await find(world.stack.temporal, query);
      return found.length > 0 ? found : undefined;
    },
    { timeoutMs: 20_000, everyMs: 200, what: 'the list of the employee' },
  );
  expect(listed.map(({ id }) => id)).toEqual([runId]);
});
