import { ScheduleAlreadyRunning } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scheduleOptions } from '../temporal/schedule-options.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import type { TestPerson } from '../testing/people.ts';
import { startTestTemporal, type TestTemporal } from '../testing/temporal.ts';
import { until } from '../testing/until.ts';
import { readTimes } from './times/read-times.ts';
import { readTimezone, ZONE_NAMES } from './times/zone.ts';

let temporal: TestTemporal;
let core: TestCore;
let owner: TestPerson;
let employeeId: string;

beforeAll(async () => {
  temporal = await startTestTemporal();
  core = await startTestCore({ temporalAddress: temporal.server.address, loops: true });
  owner = await core.person('owner');
  employeeId = await hire(core.copy.url, owner);
});
afterAll(async () => {
  await core?.stop();
  await temporal?.stop();
});

const api = (path: string, options?: Parameters<typeof call>[3]) => call(core.copy.url, owner, path, options);
const create = (timezone: string) =>
  api('/v1/schedules', { body: { employee_id: employeeId, times: { cron: '0 9 * * *' }, timezone } });

test('Temporal knows every zone that a schedule can have', async () => {
  const times = { cron: '0 9 * * *' };
  const any = { employeeId, employeeName: 'any', times, entries: readTimes(times), catchUpSeconds: 3_600, note: '' };
  const ids = { orgId: owner.orgId, scheduleId: crypto.randomUUID() };
  /** One id for all, so that Temporal keeps one only: it reads the zone before it looks whether the id is taken. */
  const answerTo = async (timezone: string): Promise<unknown> =>
    temporal.client.schedule
      .create({
        ...scheduleOptions({ ...any, ...ids, timezone, overlap: 'skip', isPaused: true }, undefined),
        spec: { calendars: [{ hour: 9 }], timezone },
      })
      .catch((error: unknown) => error);
  await answerTo('UTC');
  expect(await answerTo('Europe/berlin')).toBeInstanceOf(TypeError);

  const refused: string[] = [];
  for (const name of [...ZONE_NAMES, readTimezone('Etc/GMT+12'), readTimezone('Etc/GMT-14')]) {
    if (!((await answerTo(name)) instanceof ScheduleAlreadyRunning)) refused.push(name);
  }
  expect(refused).toEqual([]);
  expect(ZONE_NAMES.length).toBeGreaterThan(400);
});

test.each(['EUROPE/BERLIN', 'Europe/berlin'])('a zone that is written %s is kept as Temporal spells it', async (timezone) => {
  const created = await create(timezone);
  expect(created.json).toMatchObject({ timezone: 'Europe/Berlin' });
  const path: string = created.json.links.self;
  await until('in step', async () => (await api(path)).json.in_step);
  const patched = await api(path, { method: 'PATCH', body: { timezone: 'asia/tokyo' } });
  expect(patched.json).toMatchObject({ timezone: 'Asia/Tokyo' });
});

test('a zone that only this runtime knows is refused, and the field is named', async () => {
  const { status, json } = await create('SystemV/EST5');
  expect({ status, fields: json.fields }).toMatchObject({ status: 400, fields: [{ field: '/timezone' }] });
});

test('what Temporal refuses for good is said at the schedule, tried once, and runs again when it is changed', async () => {
  const path: string = (await create('Europe/Berlin')).json.links.self;
  await until('in step', async () => (await api(path)).json.in_step);
  // As written before spellings were checked.
  const spoil = `update core.schedules set timezone = 'Europe/berlin' where schedule_id = $1`;
  await asOwner(core.database.ownerUrl, spoil, [path.split('/').at(-1)]);
  await api(path, { method: 'PATCH', body: { note: 'any change' } });
  const refused = await until('the schedule says so', async () => {
    const { json } = await api(path);
    return json.status === 'paused' && json;
  });
  expect(refused).toMatchObject({ in_step: false, temporal: null, next_times: [] });
  expect(refused.status_note).toContain('unknown time zone Europe/berlin');

  const ordered = (await api(`${path}/trigger`, { method: 'POST' })).json.nominal_time;
  const order = await until('the order is refused', async () => {
    const [first] = (await api(path)).json.recent;
    return first.status === 'refused' && first;
  });
  expect(order).toMatchObject({ nominal_time: ordered, refused_reason: refused.status_note });
  const unsent = `select kind from core.outbox where payload ->> 'schedule_id' = $1 and sent_at is null`;
  expect(await asOwner(core.database.ownerUrl, unsent, [path.split('/').at(-1)])).toEqual([]);

  await api(path, { method: 'PATCH', body: { timezone: 'Europe/Berlin' } });
  await api(`${path}/resume`, { body: {} });
  await until('in step', async () => (await api(path)).json.in_step);
  expect((await api(path)).json).toMatchObject({ status: 'active', status_note: null, temporal: { paused: false } });
});
