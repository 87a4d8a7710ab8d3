import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import { text } from '../parameters.ts';

/** Shapes of Calendar's objects, as far as we look at them. https://developers.google.com/workspace/calendar/api/v3/reference/events */

const timeSchema = z.looseObject({ date: z.string().optional(), dateTime: z.string().optional() }).optional();

export const eventSchema = z.looseObject({
  id: z.string(),
  etag: z.string().optional(),
  status: z.string().optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  location: z.string().optional(),
  htmlLink: z.string().optional(),
  recurringEventId: z.string().optional(),
  start: timeSchema,
  end: timeSchema,
  organizer: z.looseObject({ email: z.string().optional() }).optional(),
  attendees: z
    .array(
      z.looseObject({
        email: z.string().default(''),
        displayName: z.string().optional(),
        responseStatus: z.string().default('needsAction'),
      }),
    )
    .default([]),
  extendedProperties: z.looseObject({ private: z.record(z.string(), z.string()).optional() }).optional(),
});
export type CalendarEvent = z.infer<typeof eventSchema>;

const MAX_DESCRIPTION = 8_000;

function present(members: { [name: string]: string | undefined }): { [name: string]: string } {
  return Object.fromEntries(Object.entries(members).filter((one): one is [string, string] => one[1] !== undefined));
}

export function toEvent(event: CalendarEvent): JsonObject {
  return {
    id: event.id,
    title: event.summary ?? '',
    ...present({
      etag: event.etag,
      status: event.status,
      start: event.start?.dateTime ?? event.start?.date,
      end: event.end?.dateTime ?? event.end?.date,
      location: event.location,
      organizer: event.organizer?.email,
      series: event.recurringEventId,
      url: event.htmlLink,
    }),
  };
}

export function toWholeEvent(event: CalendarEvent): JsonObject {
  const attendees = event.attendees.map(({ email, displayName, responseStatus }) => ({
    email,
    response: responseStatus,
    ...present({ name: displayName }),
  }));
  return { ...toEvent(event), description: (event.description ?? '').slice(0, MAX_DESCRIPTION), attendees };
}

/** The path below a calendar. */
export function eventsOf(parameters: JsonObject, below = ''): string {
  return `calendars/${encodeURIComponent(text(parameters, 'calendar') || 'primary')}/events${below}`;
}

/** A day or an instant, as Calendar tells them apart. */
export function toTime(value: string): JsonObject {
  return value.length === 10 ? { date: value } : { dateTime: value };
}
