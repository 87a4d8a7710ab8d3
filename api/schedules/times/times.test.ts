import { describe, expect, test } from 'vitest';
import { parseCron } from './cron.ts';
import { isDueAt, nextTimes } from './next-times.ts';
import { readTimes } from './read-times.ts';
import { readTimezone } from './zone.ts';

const next = (cron: string, zone: string, after: string, count = 3) =>
  nextTimes([parseCron(cron)], zone, new Date(after), count).map((time) => time.toISOString().slice(0, 16));

describe('cron expressions', () => {
  test.each([
    ['0 9 * * 1-5', { minutes: [0], hours: [9], days_of_week: [1, 2, 3, 4, 5] }],
    ['*/20 8-10 1,15 jan-mar *', { minutes: [0, 20, 40], hours: [8, 9, 10], days_of_month: [1, 15], months: [1, 2, 3] }],
    ['5/25 0 * * MON,fri', { minutes: [5, 30, 55], days_of_week: [1, 5] }],
    ['0 0 * * 5-7', { days_of_week: [0, 5, 6] }],
    ['0 0 * * */2', { days_of_week: [0, 2, 4, 6] }],
  ])('%s is read', (cron, sets) => {
    expect(parseCron(cron)).toMatchObject(sets);
  });

  test.each([
    ['0 9 * *', 'five fields'],
    ['60 9 * * *', 'minute'],
    ['0 24 * * *', 'hour'],
    ['0 9 0 * *', 'day of month'],
    ['0 9 * 13 *', 'month'],
    ['0 9 * * 8', 'day of week'],
    ['0 9 * * mon-', 'day of week'],
    ['0 17-9 * * *', 'hour'],
    ['*/0 * * * *', 'minute'],
    ['@daily', 'five fields'],
    ['0 9 L * *', 'day of month'],
  ])('%s is refused, and the field is named', (cron, field) => {
    expect(() => parseCron(cron)).toThrow(field);
  });

  test.each(['0 9 30 2 *', '0 9 31 4,6,9,11 *'])('%s never comes, and is refused', (cron) => {
    expect(() => readTimes({ cron })).toThrow('No such day');
  });
});

test('a calendar is due at each of its times', () => {
  const entries = readTimes({ calendar: { at: ['17:30', '09:00'], days_of_week: ['friday', 'monday'] } });
  const times = nextTimes(entries, 'UTC', new Date('2026-11-23T10:00:00Z'), 3);
  expect(times.map((time) => time.toISOString().slice(0, 16))).toEqual([
    '2026-11-23T17:30',
    '2026-11-27T09:00',
    '2026-11-27T17:30',
  ]);
});

describe('the next times', () => {
  test.each([
    ['0 9 * * 1-5', 'Europe/Berlin', '2026-11-20T08:00:00Z', ['2026-11-23T08:00', '2026-11-24T08:00', '2026-11-25T08:00']],
    // The clocks change on 2026-03-29 and 2026-10-25.
    ['0 9 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z', ['2026-03-28T08:00', '2026-03-29T07:00', '2026-03-30T07:00']],
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z', ['2026-03-28T01:30', '2026-03-30T00:30', '2026-03-31T00:30']],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', ['2026-10-25T00:30', '2026-10-25T01:30', '2026-10-26T01:30']],
    ['0 0 29 2 *', 'UTC', '2096-03-01T00:00:00Z', ['2104-02-29T00:00']],
    ['0 12 * * *', 'Asia/Kathmandu', '2026-01-01T06:15:00Z', ['2026-01-02T06:15', '2026-01-03T06:15', '2026-01-04T06:15']],
  ])('of %s in %s after %s', (cron, zone, after, expected) => {
    expect(next(cron, zone, after, expected.length)).toEqual(expected);
  });

  test('an instant is due when its clock says so, to the second', () => {
    const entries = [parseCron('0 9 * * 1-5')];
    const isDue = (instant: string) => isDueAt(entries, 'Europe/Berlin', new Date(instant));
    expect(isDue('2026-11-23T08:00:00Z')).toBe(true);
    expect(isDue('2026-11-23T08:00:01Z')).toBe(false);
    expect(isDue('2026-11-22T08:00:00Z')).toBe(false);
    expect(isDue('2026-11-23T09:00:00Z')).toBe(false);
  });
});

test.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'])('%s is a time zone', (name) => {
  expect(readTimezone(name)).toBe(name);
});

test.each([
  ['Europe/berlin', 'Europe/Berlin'],
  ['EUROPE/BERLIN', 'Europe/Berlin'],
  ['america/argentina/buenos_aires', 'America/Argentina/Buenos_Aires'],
  ['ASIA/KOLKATA', 'Asia/Kolkata'],
  ['US/Eastern', 'America/New_York'],
  ['Etc/Zulu', 'UTC'],
  ['utc', 'UTC'],
  ['etc/gmt+5', 'Etc/GMT+5'],
])('%s is kept as %s, the only spelling that Temporal takes', (name, kept) => {
  expect(readTimezone(name)).toBe(kept);
});

test.each(['SystemV/EST5', 'CET', '+02:00', 'Europe/Nowhere', 'Berlin', '', 'Etc/../UTC'])(
  '"%s" is refused as a time zone',
  (name) => {
    expect(() => readTimezone(name)).toThrow('no time zone');
  },
);
