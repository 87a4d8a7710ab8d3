import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import type { TestPerson } from '../testing/people.ts';
import { startTestTemporal, type TestTemporal } from '../testing/temporal.ts';
import { until } from '../testing/until.ts';

const MINUTE_MS = 60_000;

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

async function make(cron: string, does: string): Promise<string> {
  const body = { employee_id: employeeId, times: { cron }, input: { does } };
  return (await api('/v1/schedules', { body })).json.links.self;
}

/** The wall clock decides here: with the other tests' orders this would be one of them. */
test('a schedule set two minutes ahead starts its run at that minute, and one that still runs is not started again', async () => {
  const due = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + 2 * MINUTE_MS);
  const once = await make(`${due.getUTCMinutes()} ${due.getUTCHours()} * * *`, 'complete');
  const everyMinute = await make('* * * * *', 'wait');
  expect((await api(once)).json.next_times[0]).toBe(due.toISOString());

  const run = await until(
    'its run',
    async () => {
      const [latest] = (await api(once)).json.recent;
      return latest?.run_status === 'completed' && (await api(`/v1/runs/${encodeURIComponent(latest.run_id)}`)).json;
    },
    3 * MINUTE_MS,
  );
  // Both schedules may have met at this minute: then one of the two is the other's twin.
  expect(run.run_id).toMatch(new RegExp(`^emp:${employeeId}_v1:${due.toISOString().slice(0, 16)}Z(~1)?$`));
  expect(Date.parse(run.requested_at) - due.getTime()).toBeLessThan(30_000);

  const shown = await until(
    'the other left one out',
    async () => {
      const { json } = await api(everyMinute);
      return json.temporal?.skipped_overlap > 0 && json;
    },
    2 * MINUTE_MS,
  );
  expect(shown.recent).toHaveLength(1);
  expect(shown.recent[0].run_status).toBe('running');
});
