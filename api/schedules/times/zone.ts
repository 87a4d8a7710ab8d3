import { ClancyError } from '../../../contracts/errors.ts';

const DAY_MS = 86_400_000;

/** Names of today that this runtime's `Intl` knows under an older one only; as in the IANA database's `zone.tab`. */
const RENAMED = [
  'Africa/Asmara',
  'America/Argentina/Buenos_Aires',
  'America/Argentina/Catamarca',
  'America/Argentina/Cordoba',
  'America/Argentina/Jujuy',
  'America/Argentina/Mendoza',
  'America/Atikokan',
  'America/Indiana/Indianapolis',
  'America/Kentucky/Louisville',
  'America/Nuuk',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Yangon',
  'Atlantic/Faroe',
  'Europe/Kyiv',
  'Pacific/Chuuk',
  'Pacific/Kanton',
  'Pacific/Pohnpei',
];

/** Every name that a schedule can have, in the one spelling that Temporal takes: a test asks Temporal about each. */
export const ZONE_NAMES: readonly string[] = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), ...RENAMED])];

const SPELLING = new Map(ZONE_NAMES.map((name) => [name.toLowerCase(), name]));

/**
 * The zone's IANA name as Temporal takes it: `Intl` reads any case, and zones that the IANA database does not have; Temporal
 * does not. Old names (`US/Eastern`) become those of today.
 *
 * @returns undefined for a name that is none: abbreviations (`CET`) and offsets (`+02:00`) included, since they do not say
 * when clocks change.
 */
export function ianaName(name: string): string | undefined {
  const known = SPELLING.get(name.toLowerCase());
  if (known !== undefined || !/^[a-z_]+(?:\/[a-z0-9_+-]+)+$/i.test(name)) return known;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return /^Etc\/GMT[+-]\d{1,2}$/.test(timeZone) ? timeZone : SPELLING.get(timeZone.toLowerCase());
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** @throws ClancyError `invalid_request` for a name that {@link ianaName} does not know. */
export function readTimezone(name: string): string {
  const known = ianaName(name);
  if (known !== undefined) return known;
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
