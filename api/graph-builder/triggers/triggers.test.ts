import { describe, expect, it } from 'vitest';
import { findSchedule } from './schedule.ts';
import { findTimezone } from './timezone.ts';

describe('schedules', () => {
  it.each([
    ['Every weekday at 9am', '0 9 * * 1-5', true],
    ['Mondays, 10:00 UTC', '0 10 * * 1', true],
    ['On Tuesdays and Fridays at 16.30', '30 16 * * 2,5', true],
    ['Monday to Thursday at 8', '0 8 * * 1-4', true],
    ['each day at noon', '0 12 * * *', true],
    ['Fridays at 4 in the afternoon', '0 16 * * 5', true],
    ['every tuesday morning', '0 9 * * 2', false],
    ['On the 28th of every month', '0 9 28 * *', false],
    ['on the first business day of each month at 8:00', '0 8 1-3 * *', true],
    ['Each 20 December', '0 9 20 12 *', false],
    ['every 15 minutes', '*/15 * * * *', true],
    ['every two hours', '0 */2 * * *', true],
    ['hourly', '0 * * * *', true],
    ['Sunday at 22:00', '0 22 * * 0', true],
    ['12:30 am every day', '30 0 * * *', true],
  ])('%s is %s', (text, cron, timeGiven) => {
    expect(findSchedule(text)).toEqual({ cron, timeGiven });
  });

  it.each([
    'post a digest of #a',
    'within 14 days',
    'between 10 and 12',
    'say "every Monday at 9:00"',
    'read #daily-standup',
    'last Friday was fine',
    'at 9:00',
  ])('%s states none', (text) => {
    expect(findSchedule(text)).toBeUndefined();
  });

  it.each(['on the last Friday of the month at 9:00', 'every other week', 'the second Monday of each month'])(
    '%s does not fit into five fields',
    (text) => {
      expect(findSchedule(text)).toBe('unfitting');
    },
  );
});

describe('time zones', () => {
  it.each([
    ['at 9am Berlin time', 'Europe/Berlin'],
    ['8:00 New York time', 'America/New_York'],
    ['10:00 UTC', 'UTC'],
    ["I'm in Lisbon", 'Europe/Lisbon'],
    ['15:00 Chicago time', 'America/Chicago'],
    ['9:00 Europe/Paris', 'Europe/Paris'],
    ['9:00 EUROPE/PARIS', 'Europe/Paris'],
    ['5pm PST', 'America/Los_Angeles'],
  ])('%s is %s', (text, zone) => {
    expect(findTimezone(text)).toBe(zone);
  });

  it.each(['our studio in Utrecht', 'I fly to Oslo a lot', 'the Berlin office answers', 'Foo/Bar'])('%s states none', (text) => {
    expect(findTimezone(text)).toBeUndefined();
  });
});
