import { afterEach, beforeEach, expect, test } from 'vitest';
import { EMPLOYEE_ID } from '../testing/fixtures.ts';
import { runHere, signedInAt } from '../testing/run-command.ts';
import { SCHEDULE_ID } from '../testing/stub-schedules.ts';
import { startStub, type Stub } from '../testing/stub-service.ts';

let stub: Stub;
beforeEach(async () => {
  stub = await startStub();
});
afterEach(() => stub.close());

const clancy = (...argv: string[]) => runHere(argv, { env: signedInAt(stub.url), cwd: process.cwd() });

test('a schedule is made of a cron expression or of times and days', async () => {
  const cron = await clancy(
    'schedules',
    'create',
    EMPLOYEE_ID,
    '--cron',
    '0 9 * * 1-5',
    '--timezone',
    'Asia/Tokyo',
    '--note',
    'x',
  );
  expect(cron.stdout).toMatch(/Times +0 9 \* \* 1-5 Asia\/Tokyo\n/);
  const days = ['--on', 'monday', '--on', '15'];
  const calendar = await clancy('schedules', 'create', EMPLOYEE_ID, '--at', '09:00', '--at', '17:30', ...days);
  expect(calendar.stdout).toMatch(/Times +09:00 17:30 on monday on day 15 Europe\/Berlin\n/);
});

test.each([
  [[], 'Use --cron or --at, one of them.'],
  [['--cron', '0 9 * * *', '--at', '09:00'], 'Use --cron or --at, one of them.'],
  [['--cron', '0 9 * * *', '--on', 'monday'], '--on belongs to --at.'],
  [['--at', '09:00', '--on', 'someday'], '--on: monday to sunday, or 1 to 31.'],
  [['--at', 'nine'], '--at: expected hh:mm'],
])('a schedule is not made of %j', async (options, message) => {
  expect(await clancy('schedules', 'create', EMPLOYEE_ID, ...options)).toMatchObject({ exitCode: 2, stderr: `${message}\n` });
});

test('schedules are listed with the sentence that they come from', async () => {
  const { stdout } = await clancy('schedules', 'list');
  expect(stdout).toContain('job description: "Every weekday at 17:00."');
  expect(stdout).toContain('2025-06-10 15:00:00Z');
});

test('a schedule shows its next times, what became of the latest and what was left out', async () => {
  const { stdout } = await clancy('schedules', 'show', SCHEDULE_ID);
  expect(stdout).toContain('Next times\n  2025-06-10 15:00:00Z\n  2025-06-11 15:00:00Z');
  expect(stdout).toMatch(/2025-06-09 15:00:00Z +emp:\S+ completed\n/);
  expect(stdout).toContain('The schedule is not on.');
  expect(stdout).toContain('2 because an earlier run was going on');
  expect((await clancy('schedules', 'next', SCHEDULE_ID)).stdout).toBe('2025-06-10 15:00:00Z\n2025-06-11 15:00:00Z\n');
});

test('a schedule is paused with a note, resumed, triggered and deleted', async () => {
  expect((await clancy('schedules', 'pause', SCHEDULE_ID, '--note', 'holidays')).stdout).toContain('paused (holidays)');
  expect((await clancy('schedules', 'resume', SCHEDULE_ID)).stdout).toMatch(/Status +active\n/);
  expect((await clancy('schedules', 'trigger', SCHEDULE_ID)).stdout).toContain('Ordered for  2025-06-09 18:00:00Z');
  const deleted = await clancy('schedules', 'delete', SCHEDULE_ID, '--json');
  expect(JSON.parse(deleted.stdout)).toEqual({ schedule_id: SCHEDULE_ID, status: 'deleted' });
  expect(await clancy('schedules', 'show', SCHEDULE_ID)).toMatchObject({ exitCode: 1 });
});
