import { randomBytes } from 'node:crypto';

export interface StoredEvent extends Record<string, unknown> {
  id: string;
  etag: string;
  status: string;
  start: EventTime;
  end: EventTime;
}

export interface EventTime {
  date?: string | undefined;
  dateTime?: string | undefined;
}

/** Somebody's own calendar. */
export interface Calendar {
  /** Its id everywhere. */
  readonly address: string;
  /** Seconds that an access token lives. */
  readonly tokenLifetimeS: number;
  readonly events: Map<string, StoredEvent>;
  /** A tag that no version had before. */
  nextEtag(): string;
}

export interface Calendars {
  find(address: string): Calendar | undefined;
  /** The calendar of that address, made and seeded when it is new; without an address a new one. */
  ensure(address?: string): Calendar;
}

/** The calendar of the person at the consent page who names none. */
export const HOME_ADDRESS = 'desk@millrace.example';
const HOUR_MS = 3_600_000;

export function createCalendars(now: () => number): Calendars {
  const calendars = new Map<string, Calendar>();
  return {
    find: (address) => calendars.get(address),
    ensure(address = `desk-${randomBytes(5).toString('hex')}@millrace.example`) {
      const calendar = calendars.get(address) ?? createCalendar(address, now);
      calendars.set(address, calendar);
      return calendar;
    },
  };
}

function createCalendar(address: string, now: () => number): Calendar {
  let version = 3_000_000_000_000_000;
  const events = new Map<string, StoredEvent>();
  const nextEtag = () => `"${(version += 2)}"`;
  const at = (hours: number) => ({ dateTime: new Date(now() + hours * HOUR_MS).toISOString() });
  const add = (id: string, members: Record<string, unknown> & Pick<StoredEvent, 'start' | 'end'>) =>
    void events.set(id, {
      kind: 'calendar#event',
      status: 'confirmed',
      organizer: { email: address },
      ...members,
      id,
      etag: nextEtag(),
    });
  add('standup01', {
    summary: 'Stand-up',
    start: at(2),
    end: at(3),
    attendees: [{ email: 'ines@millrace.example', responseStatus: 'accepted' }],
  });
  add('rollers01', {
    summary: 'Rollers are changed',
    description: 'Bring gloves.',
    location: 'Hall 2',
    start: at(26),
    end: at(28),
  });
  const day = (days: number) => ({ date: new Date(now() + days * 24 * HOUR_MS).toISOString().slice(0, 10) });
  add('holiday01', { summary: 'Closed', start: day(4), end: day(5) });
  return { address, tokenLifetimeS: 3_600, events, nextEtag };
}
