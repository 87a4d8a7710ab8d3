import type { JsonObject } from '../../../contracts/json.ts';

/** Pieces of the JSON Schemas (2020-12) of Google Calendar's capabilities. */

export function objectSchema(properties: JsonObject, required: string[]): JsonObject {
  return { type: 'object', properties, required, additionalProperties: false };
}

export function textParameter(maxLength: number, description: string): JsonObject {
  return { type: 'string', minLength: 1, maxLength, description };
}

const ADDRESS = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+";

/** An address, or the person's own calendar. It stands in the path of requests, encoded. */
export const CALENDAR_PARAMETER: JsonObject = {
  type: 'string',
  maxLength: 254,
  pattern: `^(?:primary|${ADDRESS})$`,
  default: 'primary',
  description: "The calendar's address; the person's own when absent.",
};
export const CALENDARS_PARAMETER: JsonObject = {
  type: 'array',
  minItems: 1,
  maxItems: 50,
  items: { type: 'string', maxLength: 254, pattern: `^(?:primary|${ADDRESS})$` },
  description: 'Addresses of people or rooms; primary is the own calendar.',
};
export const ID_PARAMETER: JsonObject = {
  type: 'string',
  pattern: '^[A-Za-z0-9_]{5,200}$',
  description: "The event's id, as event.list gives it.",
};
/** What an approval has seen is what is changed. */
export const ETAG_PARAMETER: JsonObject = {
  type: 'string',
  maxLength: 100,
  pattern: '^"[\\x21\\x23-\\x7e]{1,98}"$',
  description: 'The etag of the event as it was read: changed since, it is left alone.',
};
export const INSTANT_PARAMETER: JsonObject = { type: 'string', format: 'date-time' };
/** A day, or an instant with its offset. */
export const TIME_PARAMETER: JsonObject = {
  type: 'string',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2}))?$',
  description: '2026-11-30T14:00:00+01:00, or a day (2026-11-30) for events that last whole days; the end is not part of it.',
};
export const ATTENDEES_PARAMETER: JsonObject = {
  type: 'array',
  maxItems: 50,
  items: { type: 'string', maxLength: 254, pattern: `^${ADDRESS}$` },
  description: 'Addresses of who is invited.',
};
export const NOTIFY_PARAMETER: JsonObject = {
  type: 'boolean',
  default: false,
  description: 'Whether Google mails those who are invited.',
};
export const CURSOR_PARAMETER: JsonObject = { type: 'string', maxLength: 1_000, description: 'next_cursor of the page before.' };

export function limitParameter(maximum: number, byDefault: number): JsonObject {
  return { type: 'integer', minimum: 1, maximum, default: byDefault, description: `How many; ${byDefault} when absent.` };
}

export const TEXT: JsonObject = { type: 'string' };

const MEMBERS: JsonObject = {
  id: TEXT,
  etag: TEXT,
  title: TEXT,
  status: { type: 'string', description: 'confirmed, tentative or cancelled.' },
  start: TEXT,
  end: TEXT,
  location: TEXT,
  organizer: TEXT,
  series: { type: 'string', description: 'The id of the recurring event that it is one of.' },
  url: TEXT,
};
const REQUIRED = ['id', 'title'];

export const EVENT: JsonObject = objectSchema(MEMBERS, REQUIRED);
export const WHOLE_EVENT: JsonObject = objectSchema(
  {
    ...MEMBERS,
    description: TEXT,
    attendees: {
      type: 'array',
      items: objectSchema({ email: TEXT, name: TEXT, response: TEXT }, ['email', 'response']),
    },
  },
  [...REQUIRED, 'description', 'attendees'],
);
