import { ClancyError } from '../../../contracts/errors.ts';

const DAY_MS = 86_400_000;

/**
 * The zone's IANA name as this runtime writes it.
 * @throws ClancyError `invalid_request` for one that is none: abbreviations (`CET`) and offsets (`+02:00`) included, since
 * they do not say when clocks change.
 */
export function readTimezone(name: string): string {
  if (name === 'UTC') return name;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    if (/^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+$/.test(name)) return timeZone === 'UTC' ? 'UTC' : name;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new ClancyError('invalid_request', 'This is no time zone.', {
    fields: [{ field: '/timezone', message: 'an IANA name, such as Europe/Berlin or UTC' }],
  });
}

/** A moment of a wall clock, as if it were UTC. */
export type LocalMs = number;

export interface Zone {
  toLocal(instantMs: number): LocalMs;
  /** The instants at which the zone's clocks show this: none when they skip it, two when they show it twice. */
  toInstants(local: LocalMs): number[];
}

export function openZone(timezone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const toLocal = (instantMs: number): LocalMs => {
    const parts = new Map(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  };
  return {
    toLocal,
    toInstants: (local) => {
      // Clocks change at most once within two days: the offsets before and after are all there are.
      const offsets = new Set([local - DAY_MS, local + DAY_MS].map((near) => toLocal(near) - near));
      const instants = [...offsets].map((offset) => local - offset).filter((instant) => toLocal(instant) === local);
      return instants.toSorted((one, other) => one - other);
    },
  };
}
