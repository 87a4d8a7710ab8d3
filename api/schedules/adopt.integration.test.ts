import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporalScheduleId } from '../../contracts/schedule.ts';
import { startTestCore, type TestCore, type TestCoreOptions } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call } from '../testing/call.ts';
import type { TestPerson } from '../testing/people.ts';
import { startTestTemporal, type TestTemporal } from '../testing/temporal.ts';
import { until } from '../testing/until.ts';

let temporal: TestTemporal;
let core: TestCore;
let owner: TestPerson;
let url: string;
/** Temporal is away until a test brings it. */
const options: TestCoreOptions = { loops: true };

beforeAll(async () => {
  [temporal, core] = await Promise.all([startTestTemporal(), startTestCore(options)]);
  url = core.copy.url;
  owner = await core.person('owner');
});
afterAll(async () => {
  await core?.stop();
  await temporal?.stop();
});

const api = (path: string, more?: Parameters<typeof call>[3]) => call(url, owner, path, more);
const create = async (job: string): Promise<string> =>
  (await api('/v1/employees', { body: { job_description: job } })).json.employee_id;
const activate = async (employeeId: string, body: object = {}) => {
  const activated = await api(`/v1/employees/${employeeId}/activate`, { body });
  expect(activated.status).toBe(200);
  return activated.json.schedules;
};
const listed = async (employeeId: string) => (await api(`/v1/schedules?employee_id=${employeeId}`)).json.items;

/** Two copies that reach Temporal take the place of the one that does not. */
async function bringTemporal(): Promise<void> {
  if (options.temporalAddress !== undefined) return;
  await core.copy.stop();
  options.temporalAddress = temporal.server.address;
  const copies = await Promise.all([core.addCopy(), core.addCopy()]);
  url = copies[0].url;
}

const IN_BERLIN = 'Every weekday at 9:00 Berlin time read #support and post a digest of the open questions in #team.';
const NO_ZONE = 'Every weekday at 9:00 read #support and post a digest of the open questions in #team.';

test('"every weekday at 9 in Berlin" becomes a schedule that activation turns on', async () => {
  const employeeId = await create(IN_BERLIN);
  expect(await listed(employeeId)).toEqual([]);
  const [adopted] = await activate(employeeId);
  expect(adopted).toMatchObject({ cron: '0 9 * * 1-5', timezone: 'Europe/Berlin', timezone_from: 'job_description' });
  const [row] = await listed(employeeId);
  expect(row).toMatchObject({
    schedule_id: adopted.schedule_id,
    source: 'job_description',
    sentence: expect.stringContaining('Every weekday at 9:00') as string,
    owner_user_id: owner.userId,
    status: 'active',
  });
});

test('a time without a zone is read in the zone of the request, else in UTC, and the answer says so', async () => {
  const employeeId = await create(NO_ZONE);
  expect(await activate(employeeId)).toMatchObject([{ timezone: 'UTC', timezone_from: 'default' }]);
  expect(await activate(employeeId, { timezone: 'Asia/Tokyo' })).toMatchObject([
    { timezone: 'Asia/Tokyo', timezone_from: 'request' },
  ]);
  expect(await listed(employeeId)).toHaveLength(1);
  const wrong = await api(`/v1/employees/${employeeId}/activate`, { body: { timezone: 'Tokyo' } });
  expect(wrong.json).toMatchObject({ code: 'invalid_request', fields: [{ field: '/timezone' }] });
});

test('activating again keeps the schedule of the same cron as people left it, and "off" ends it', async () => {
  const employeeId = await create(IN_BERLIN);
  const [first] = await activate(employeeId);
  await api(`${first.links.self}/pause`, { body: { note: 'not yet' } });
  const [again] = await activate(employeeId);
  expect(again).toMatchObject({ schedule_id: first.schedule_id, status: 'paused' });
  expect(await activate(employeeId, { schedules: 'off' })).toEqual([]);
  expect(await listed(employeeId)).toEqual([]);
  expect((await activate(employeeId))[0].schedule_id).not.toBe(first.schedule_id);
});

test('a schedule of an employee with duties at several times names those that are due', async () => {
  const employeeId = await create(
    `${IN_BERLIN}\nEvery Friday at 16:00 Berlin time read #random and post a digest of the open questions in #team.`,
  );
  const adopted = await activate(employeeId);
  expect(adopted).toHaveLength(2);
  const inputs = await Promise.all(
    adopted.map(async (one: { links: { self: string } }) => (await api(one.links.self)).json.input.duties),
  );
  expect(inputs.every((duties) => duties.length === 1)).toBe(true);
  expect(inputs[0]).not.toEqual(inputs[1]);
});

test('schedules that were made while Temporal was away are there when it is back, once', async () => {
  const employeeId = await create(IN_BERLIN);
  const [{ schedule_id: id, links }] = await activate(employeeId);
  await until('the relay has tried', async () => {
    const query = `select attempts from core.outbox where payload ->> 'schedule_id' = $1 and sent_at is null`;
    const [row] = await asOwner(core.database.ownerUrl, query, [id]);
    return Number(row?.['attempts'] ?? 0) > 0;
  });
  expect((await api(links.self)).json).toMatchObject({ in_step: false, temporal: null, status: 'active' });

  await bringTemporal();
  const seen = await until('in step', async () => {
    const { json } = await api(links.self);
    return json.in_step && json;
  });
  expect(seen.temporal).toMatchObject({ paused: false });
});

test('a retired employee has no schedule any more, at Temporal neither, and takes no new one', async () => {
  await bringTemporal();
  const employeeId = await create(IN_BERLIN);
  const [{ schedule_id: id, links }] = await activate(employeeId);
  const handle = temporal.client.schedule.getHandle(temporalScheduleId(id));
  await until('Temporal knows it', async () => handle.describe().catch(() => undefined));

  const retired = await api(`/v1/employees/${employeeId}/retire`, { method: 'POST' });
  expect(retired.json).toMatchObject({ status: 'retired' });
  await until('gone at Temporal', async () =>
    handle.describe().then(
      () => false,
      () => true,
    ),
  );
  expect((await api(links.self)).json).toMatchObject({ status: 'retired', next_times: [] });
  const body = { employee_id: employeeId, times: { cron: '0 9 * * *' } };
  expect((await api('/v1/schedules', { body })).json.code).toBe('conflict');
  for (const verb of ['resume', 'trigger']) {
    expect((await api(`${links.self}/${verb}`, { method: 'POST' })).json.code).toBe('conflict');
  }
  expect((await api(`/v1/employees/${employeeId}/runs`, { body: {} })).json.code).toBe('employee_not_active');
});
