import { describe, expect, it } from 'vitest';
import { findSchedule, findSchedules } from './schedule.ts';
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
  ])('%s states none', (text) => {
    expect(findSchedule(text)).toBeUndefined();
  });

  it.each([
    ['on the first business day of each month at 8:00', '0 8 1-3 * *', 'first_business_day'],
    ["April's and October's first business day at 9:00", '0 9 1-3 4,10 *', 'first_business_day'],
    ['on the last working day of the month, 16:00', '0 16 26-31 * *', 'last_business_day'],
    ['on the last Friday of the month at 9:00', '0 9 22-31 * 5', 'last_weekday'],
    ['at the end of each month', '0 9 28-31 * *', 'last_day'],
    ['every other Friday at 10', '0 10 * * 5', 'every_other_week'],
    ['every other week', '0 9 * * 1', 'every_other_week'],
    ['the second Monday of each month', '0 9 8-14 * 1', undefined],
  ])('%s: the days on which it can fall, and the rule that says which', (text, cron, rule) => {
    expect(findSchedule(text)).toMatchObject({ cron, ...(rule && { rule }) });
  });

  it.each([
    ['at 22:15 and again at 5 every night', ['15 22 * * *', '0 5 * * *']],
    ['twice a day at 8 and 16', ['0 8,16 * * *']],
    ['02:00 and 05:00 each night except Sunday', ['0 2,5 * * 1-6']],
    ['every two hours during office hours', ['0 9-17/2 * * 1-5']],
    ['each quarter', ['0 9 1 1,4,7,10 *']],
    ['on the 1st and 15th at 8:00 UTC', ['0 8 1,15 * *']],
    ['on 15 January and 15 July', ['0 9 15 1,7 *']],
    ['Mon, Wed and Fri at 7', ['0 7 * * 1,3,5']],
    ['at a quarter past seven, Monday to Friday', ['15 7 * * 1-5']],
    ['every 15 minutes between 8 and 18 on weekdays', ['*/15 8-18 * * 1-5']],
    ['Once a month, on the 25th', ['0 9 25 * *']],
    ['at nine each morning, only in April', ['0 9 * 4 *']],
    ['At 9:00 post it', ['0 9 * * *']],
  ])('%s', (text, crons) => {
    expect(findSchedules(text).map(({ cron }) => cron)).toEqual(crons);
  });
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
