import { z } from 'zod';
import type { CollectCapability, ProviderReader } from '../definition.ts';
import { optional, readBody, text } from '../parameters.ts';
import { COMMON } from './facts.ts';
import {
  CALENDAR_PARAMETER,
  CURSOR_PARAMETER,
  EVENT,
  ID_PARAMETER,
  INSTANT_PARAMETER,
  limitParameter,
  objectSchema,
  TEXT,
  textParameter,
  WHOLE_EVENT,
} from './schemas.ts';
import { READ } from './scopes.ts';
import { eventSchema, eventsOf, toEvent, toWholeEvent, type CalendarEvent } from './wire.ts';
import type { JsonObject } from '../../../contracts/json.ts';

const DEFAULT_LIMIT = 50;
const pageSchema = z.looseObject({ items: z.array(eventSchema).default([]), nextPageToken: z.string().optional() });

/** https://developers.google.com/workspace/calendar/api/v3/reference/events/list: recurring ones as the days they fall on. */
export const eventList: CollectCapability = {
  ...COMMON,
  capability: 'event.list',
  title: 'List events',
  description: 'Lists or searches the events of a calendar in the order in which they begin.',
  permission: 'event.read',
  risk: 'read',
  scopes: [READ],
  summaryParameter: 'from',
  inputSchema: objectSchema(
    {
      calendar: CALENDAR_PARAMETER,
      from: { ...INSTANT_PARAMETER, description: 'Only what ends after it.' },
      to: { ...INSTANT_PARAMETER, description: 'Only what begins before it.' },
      query: textParameter(200, 'Words of the title, the text, the place or the people.'),
      limit: limitParameter(250, DEFAULT_LIMIT),
      cursor: CURSOR_PARAMETER,
    },
    ['from'],
  ),
  outputSchema: objectSchema({ events: { type: 'array', items: EVENT }, next_cursor: TEXT }, ['events']),
  collect: async (parameters, reader) => {
    const answer = await reader.read(eventsOf(parameters), {
      timeMin: text(parameters, 'from'),
      timeMax: text(parameters, 'to') || undefined,
      q: text(parameters, 'query') || undefined,
      singleEvents: true,
      orderBy: 'startTime',
      maxResults: optional(parameters, 'limit') ?? DEFAULT_LIMIT,
      pageToken: text(parameters, 'cursor') || undefined,
    });
    const { items, nextPageToken: next } = readBody(pageSchema, answer);
    return { events: items.map(toEvent), ...(next !== undefined && { next_cursor: next }) };
  },
};

export async function readEvent(parameters: JsonObject, id: string, reader: ProviderReader): Promise<CalendarEvent> {
  return readBody(eventSchema, await reader.read(eventsOf(parameters, `/${id}`), {}));
}

export const eventGet: CollectCapability = {
  ...COMMON,
  capability: 'event.get',
  title: 'Read an event',
  description: 'Reads one event with its text and who is invited.',
  permission: 'event.read',
  risk: 'read',
  scopes: [READ],
  summaryParameter: 'id',
  inputSchema: objectSchema({ calendar: CALENDAR_PARAMETER, id: ID_PARAMETER }, ['id']),
  outputSchema: WHOLE_EVENT,
  collect: async (parameters, reader) => toWholeEvent(await readEvent(parameters, text(parameters, 'id'), reader)),
};
