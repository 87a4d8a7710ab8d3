import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { EffectCapability } from '../definition.ts';
import { readBody, text, texts } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';
import { readEvent } from './event-read.ts';
import { CHANGE } from './facts.ts';
import { eventIdOf } from './marker.ts';
import {
  ATTENDEES_PARAMETER,
  CALENDAR_PARAMETER,
  EVENT,
  NOTIFY_PARAMETER,
  objectSchema,
  textParameter,
  TIME_PARAMETER,
} from './schemas.ts';
import { READ, WRITE } from './scopes.ts';
import { eventSchema, eventsOf, toEvent, toTime } from './wire.ts';

/** What a person may say of an event. */
export const DETAILS: JsonObject = {
  title: textParameter(250, 'As everybody sees it.'),
  start: TIME_PARAMETER,
  end: TIME_PARAMETER,
  description: textParameter(8_000, 'What those who are invited read.'),
  location: textParameter(500, 'A place or an address.'),
  attendees: ATTENDEES_PARAMETER,
};

/** The details of a call as Calendar takes them; what is not said is left out. */
export function detailsOf(parameters: JsonObject): JsonObject {
  const [title, start, end] = [text(parameters, 'title'), text(parameters, 'start'), text(parameters, 'end')];
  const [description, location] = [text(parameters, 'description'), text(parameters, 'location')];
  const attendees: Json[] = texts(parameters, 'attendees').map((email) => ({ email }));
  return {
    ...(title !== '' && { summary: title }),
    ...(start !== '' && { start: toTime(start) }),
    ...(end !== '' && { end: toTime(end) }),
    ...(description !== '' && { description }),
    ...(location !== '' && { location }),
    ...('attendees' in parameters && { attendees }),
  };
}

/** @throws ProviderRefusal `time_range_invalid`: the end comes after the start, and both are days or both are instants */
export function assertTimes(parameters: JsonObject): void {
  const [start, end] = [text(parameters, 'start'), text(parameters, 'end')];
  const isOfOneKind = (start.length === 10) === (end.length === 10);
  if (start === '' && end === '') return;
  if (start !== '' && end !== '' && isOfOneKind && Date.parse(start) < Date.parse(end)) return;
  throw new ProviderRefusal({ code: 'provider_refused', reason: 'time_range_invalid', retryable: false });
}

export function sendUpdates({ notify }: JsonObject): string {
  return notify === true ? 'all' : 'none';
}

/** https://developers.google.com/workspace/calendar/api/v3/reference/events/insert, under an id of the call's own. */
export const eventCreate: EffectCapability = {
  ...CHANGE,
  capability: 'event.create',
  title: 'Create an event',
  description: 'Puts an event into a calendar.',
  risk: 'write',
  scopes: [WRITE],
  summaryParameter: 'title',
  inputSchema: objectSchema({ calendar: CALENDAR_PARAMETER, ...DETAILS, notify: NOTIFY_PARAMETER }, ['title', 'start', 'end']),
  outputSchema: EVENT,
  prepare: async (parameters) => {
    assertTimes(parameters);
    return parameters;
  },
  request: (parameters, { nativeKey }) => ({
    method: eventsOf(parameters),
    verb: 'POST',
    args: { sendUpdates: sendUpdates(parameters) },
    body: { id: eventIdOf(nativeKey), ...detailsOf(parameters) },
  }),
  result: (body) => toEvent(readBody(eventSchema, body)),
  effectId: (result) => text(result, 'id'),
  // Nobody else makes an event of this id.
  alreadyDone: {
    reasons: ['duplicate'],
    result: (parameters, { nativeKey }) => ({ id: eventIdOf(nativeKey), title: text(parameters, 'title') }),
  },
  lookup: {
    scopes: [READ],
    byMarkerAlone: true,
    find: async (parameters, { reader, nativeKey }) => {
      try {
        return toEvent(await readEvent(parameters, eventIdOf(nativeKey), reader));
      } catch (error) {
        if (error instanceof ProviderRefusal && error.refusal.reason === 'not_found') return undefined;
        throw error;
      }
    },
  },
};
