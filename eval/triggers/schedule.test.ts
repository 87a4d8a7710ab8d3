import { describe, expect, it } from 'vitest';
import type { DayRule } from '../../contracts/employee-graph.ts';
import type { ScheduleLabel } from '../set/schema.ts';
import { isHourly, scoreSchedule } from './schedule.ts';

const label = (cron: string, more: Partial<ScheduleLabel> = {}): ScheduleLabel => ({
  type: 'schedule',
  cron,
  timezone: null,
  accept: [],
  time_given: true,
  ...more,
});
const score = (wanted: ScheduleLabel, cron: string, timezone: string | null = null) => scoreSchedule(wanted, { cron, timezone });

describe('a schedule', () => {
  it.each([
    ['0 9 * * 1-5', '0 9 * * MON-FRI'],
    ['0 9 * * 0', '00 9 * * 7'],
    ['0 9,16 * * *', '0 16,9 */1 * *'],
    ['*/15 * * * *', '0,15,30,45 * * * *'],
  ])('%s means the same as %s', (wanted, cron) => {
    expect(score(label(wanted), cron)).toBe(1);
  });

  it.each([
    ['0 9 * * 1-5', '0 9 * * *'],
    ['0 9 * * 1', '0 10 * * 1'],
    ['0 9 1 * *', '0 9 2 * *'],
    ['0 9 1 1,7 *', '0 9 1 * *'],
  ])('%s is not %s', (wanted, cron) => {
    expect(score(label(wanted), cron)).toBe(0);
  });

  it('is right as one of the accepted', () => {
    expect(score(label('0 8 1-3 * *', { accept: ['0 8 1-7 * 1-5'] }), '0 8 1-7 * 1-5')).toBe(1);
  });

  it('is compared by its days alone where the text names no clock time', () => {
    const days = label('0 9 * * 2', { time_given: false });
    expect([score(days, '30 17 * * 2'), score(days, '0 9 * * 3')]).toEqual([1, 0]);
  });

  it('is half right as a fixed day of a day that moves with the week, at the right time only', () => {
    const first = label('0 8 1-3 * *', { timezone: 'America/New_York' });
    expect(score(first, '0 8 1 * *', 'America/New_York')).toBe(0.5);
    expect(score(first, '0 8 15 * *', 'America/New_York')).toBe(0);
    expect(score(first, '0 9 1 * *', 'America/New_York')).toBe(0);
    expect(score(first, '0 8 1 * *')).toBe(0);
    expect(score(label('0 8 1,15 * *'), '0 8 1 * *')).toBe(0);
  });

  it('is right as the rule itself, at the right end of the month', () => {
    const byRule = (wanted: string, cron: string, only_on: DayRule) =>
      scoreSchedule(label(wanted), { cron, timezone: null, only_on });
    expect(byRule('0 8 1-3 * *', '0 8 1-3 * 1-5', 'first_business_day')).toBe(1);
    expect(byRule('0 8 1-3 * *', '0 8 26-31 * 1-5', 'last_business_day')).toBe(0);
    expect(byRule('0 8 28-31 * *', '0 8 26-31 * 1-5', 'last_business_day')).toBe(1);
    expect(byRule('0 8 1-3 * *', '0 9 1-3 * 1-5', 'first_business_day')).toBe(0);
    expect(byRule('0 8 * * 5', '0 8 * * 5', 'every_other_week')).toBe(0);
  });

  it('has the zone that the text names, by its offsets of the whole year', () => {
    const berlin = label('0 9 * * *', { timezone: 'Europe/Berlin' });
    expect(score(berlin, '0 9 * * *', 'Europe/Vienna')).toBe(1);
    expect(score(berlin, '0 9 * * *', 'Africa/Lagos')).toBe(0);
    expect(score(berlin, '0 9 * * *', 'Europe/Atlantis')).toBe(0);
    expect(score(berlin, '0 9 * * *')).toBe(0);
    expect(score(label('0 9 * * *', { timezone: 'UTC' }), '0 9 * * *', 'Etc/GMT')).toBe(1);
  });

  it('may have any zone where the text names none', () => {
    expect(score(label('0 9 * * *'), '0 9 * * *', 'Asia/Tokyo')).toBe(1);
  });
});

it('looks at least once in each hour', () => {
  expect([isHourly('*/10 * * * *'), isHourly('5 * * * *'), isHourly('0 9-17 * * *'), isHourly('0 * * * 1-5')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
