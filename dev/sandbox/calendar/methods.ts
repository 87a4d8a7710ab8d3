import { z } from 'zod';
import type { EffectDetails } from '../core/effects.ts';
import { GoogleError, invalid, notFound } from '../google/errors.ts';
import type { Calendar, EventTime, StoredEvent } from './calendars.ts';
import { FREE_BUSY, READ, WRITE } from './scopes.ts';

export interface MethodContext {
  calendar: Calendar;
  params: { calendar?: string; id?: string };
  query: unknown;
  body: unknown;
  ifMatch: string | undefined;
  recordEffect(details: EffectDetails): void;
}

/** A method of the Calendar API. https://developers.google.com/workspace/calendar/api/v3/reference */
export interface CalendarMethod {
  /** What faults and barriers name it by. */
  name: string;
  verb: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/calendar/v3`. */
  path: string;
  /** Scopes of which one is needed. */
  scopes: readonly string[];
  /** Undefined: an answer without a body. */
  call(context: MethodContext): Record<string, unknown> | undefined;
}

const EVENTS = '/calendars/:calendar/events';
const instant = z.iso.datetime({ offset: true });
const flag = z.enum(['true', 'false']);

/** What is not known fails, which it would not at Google: a misspelt word cannot pass unnoticed. */
function parse<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given ?? {});
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  return parsed.data;
}

/** The own calendar, by its address or as `primary`; there is no other. */
function assertOwn({ calendar, params }: MethodContext): void {
  if (params.calendar !== 'primary' && params.calendar !== calendar.address) throw notFound(`calendar ${params.calendar}`);
}

function eventOf(context: MethodContext): StoredEvent {
  assertOwn(context);
  const found = context.calendar.events.get(context.params.id ?? '');
  if (found === undefined) throw notFound(`event ${context.params.id}`);
  return found;
}

/** https://developers.google.com/workspace/calendar/api/guides/version-resources */
function assertUnchanged({ ifMatch }: MethodContext, event: StoredEvent): void {
  if (ifMatch === undefined || ifMatch === event.etag) return;
  throw new GoogleError(412, 'conditionNotMet', 'Precondition Failed');
}

function msOf({ date, dateTime }: EventTime): number {
  return Date.parse(dateTime ?? date ?? '');
}

const timeSchema = z.strictObject({ date: z.iso.date().optional(), dateTime: instant.optional() });
const details = {
  summary: z.string().optional(),
  description: z.string().max(8_192).optional(),
  location: z.string().optional(),
  attendees: z.array(z.strictObject({ email: z.email() })).optional(),
  extendedProperties: z.strictObject({ private: z.record(z.string(), z.string()) }).optional(),
};
const insertSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-v0-9]{5,1024}$/)
    .optional(),
  start: timeSchema,
  end: timeSchema,
  ...details,
});
const patchSchema = z.strictObject({ start: timeSchema.optional(), end: timeSchema.optional(), ...details });
const updatesSchema = z.strictObject({ sendUpdates: z.enum(['all', 'externalOnly', 'none']).optional() });

function assertRange({ start, end }: Pick<StoredEvent, 'start' | 'end'>): void {
  if (msOf(start) < msOf(end)) return;
  throw new GoogleError(400, 'timeRangeEmpty', 'The specified time range is empty.');
}

const listSchema = z.strictObject({
  timeMin: instant.optional(),
  timeMax: instant.optional(),
  q: z.string().optional(),
  singleEvents: flag.optional(),
  orderBy: z.literal('startTime').optional(),
  maxResults: z.coerce.number().int().min(1).max(2_500).default(250),
  pageToken: z
    .string()
    .regex(/^p\d+$/)
    .optional(),
});

const reads: CalendarMethod[] = [
  {
    name: 'events.list',
    verb: 'GET',
    path: EVENTS,
    scopes: [READ, WRITE],
    call: (context) => {
      assertOwn(context);
      const query = parse(listSchema, context.query);
      if (query.orderBy !== undefined && query.singleEvents !== 'true')
        throw invalid('The requested ordering is not available for the particular query.');
      const [from, to] = [Date.parse(query.timeMin ?? '') || -Infinity, Date.parse(query.timeMax ?? '') || Infinity];
      const words = query.q?.toLowerCase();
      const found = [...context.calendar.events.values()]
        .filter(({ status, start, end }) => status !== 'cancelled' && msOf(end) > from && msOf(start) < to)
        .filter((event) => words === undefined || JSON.stringify(event).toLowerCase().includes(words))
        .toSorted((one, other) => msOf(one.start) - msOf(other.start));
      const offset = Number(query.pageToken?.slice(1) ?? 0);
      const next = offset + query.maxResults;
      const items = structuredClone(found.slice(offset, next));
      return { kind: 'calendar#events', items, ...(next < found.length && { nextPageToken: `p${next}` }) };
    },
  },
  {
    name: 'events.get',
    verb: 'GET',
    path: `${EVENTS}/:id`,
    scopes: [READ, WRITE],
    call: (context) => structuredClone(eventOf(context)),
  },
  {
    name: 'freebusy.query',
    verb: 'POST',
    path: '/freeBusy',
    scopes: [FREE_BUSY],
    call: ({ calendar, body }) => {
      const schema = z.strictObject({ timeMin: instant, timeMax: instant, items: z.array(z.strictObject({ id: z.string() })) });
      const { timeMin, timeMax, items } = parse(schema, body);
      const [from, to] = [Date.parse(timeMin), Date.parse(timeMax)];
      if (from >= to) throw new GoogleError(400, 'timeRangeEmpty', 'The specified time range is empty.');
      const busy = [...calendar.events.values()]
        .filter(({ status, start, end }) => status !== 'cancelled' && msOf(end) > from && msOf(start) < to)
        .toSorted((one, other) => msOf(one.start) - msOf(other.start))
        .map(({ start, end }) => ({ start: new Date(msOf(start)).toISOString(), end: new Date(msOf(end)).toISOString() }));
      const of = (id: string) =>
        id === 'primary' || id === calendar.address ? { busy } : { busy: [], errors: [{ domain: 'global', reason: 'notFound' }] };
      return { kind: 'calendar#freeBusy', timeMin, timeMax, calendars: Object.fromEntries(items.map(({ id }) => [id, of(id)])) };
    },
  },
];

const changes: CalendarMethod[] = [
  {
    name: 'events.insert',
    verb: 'POST',
    path: EVENTS,
    scopes: [WRITE],
    call: (context) => {
      assertOwn(context);
      const { sendUpdates = 'none' } = parse(updatesSchema, context.query);
      const { id = context.calendar.nextEtag().replace(/\D/g, ''), ...members } = parse(insertSchema, context.body);
      const { events, address } = context.calendar;
      if (events.has(id)) throw new GoogleError(409, 'duplicate', 'The requested identifier already exists.');
      assertRange(members);
      const common = { kind: 'calendar#event', status: 'confirmed', organizer: { email: address, self: true } };
      const html = { htmlLink: `https://calendar.google.example/event?eid=${id}` };
      const made: StoredEvent = { ...common, ...html, ...members, id, etag: context.calendar.nextEtag() };
      events.set(id, made);
      context.recordEffect({ id, send_updates: sendUpdates, object: structuredClone(made) });
      return structuredClone(made);
    },
  },
  {
    name: 'events.patch',
    verb: 'PATCH',
    path: `${EVENTS}/:id`,
    scopes: [WRITE],
    call: (context) => {
      const { sendUpdates = 'none' } = parse(updatesSchema, context.query);
      const change = parse(patchSchema, context.body);
      const event = eventOf(context);
      assertUnchanged(context, event);
      assertRange({ start: change.start ?? event.start, end: change.end ?? event.end });
      Object.assign(event, change, { etag: context.calendar.nextEtag() });
      context.recordEffect({ id: event.id, send_updates: sendUpdates, object: structuredClone(event) });
      return structuredClone(event);
    },
  },
  {
    name: 'events.delete',
    verb: 'DELETE',
    path: `${EVENTS}/:id`,
    scopes: [WRITE],
    call: (context) => {
      const { sendUpdates = 'none' } = parse(updatesSchema, context.query);
      const event = eventOf(context);
      if (event.status === 'cancelled') throw new GoogleError(410, 'deleted', 'Resource has been deleted');
      assertUnchanged(context, event);
      Object.assign(event, { status: 'cancelled', etag: context.calendar.nextEtag() });
      context.recordEffect({ id: event.id, send_updates: sendUpdates, object: null });
      return undefined;
    },
  },
];

export const METHODS: readonly CalendarMethod[] = [...reads, ...changes];
