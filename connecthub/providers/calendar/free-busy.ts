import { z } from 'zod';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { ReadCapability } from '../definition.ts';
import { readBody, text, texts } from '../parameters.ts';
import { COMMON } from './facts.ts';
import { CALENDARS_PARAMETER, INSTANT_PARAMETER, objectSchema, TEXT } from './schemas.ts';
import { FREE_BUSY } from './scopes.ts';

const answerSchema = z.looseObject({
  calendars: z.record(
    z.string(),
    z.looseObject({
      busy: z.array(z.looseObject({ start: z.string(), end: z.string() })).default([]),
      errors: z.array(z.looseObject({ reason: z.string() })).optional(),
    }),
  ),
});

const CALENDAR: JsonObject = objectSchema(
  {
    calendar: TEXT,
    busy: { type: 'array', items: objectSchema({ start: TEXT, end: TEXT }, ['start', 'end']) },
    problem: { ...TEXT, description: 'Why nothing is known of it.' },
  },
  ['calendar', 'busy'],
);

/** A read, although it is a POST. https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query */
export const freeBusy: ReadCapability = {
  ...COMMON,
  capability: 'freebusy.read',
  title: 'See who is free',
  description: 'Tells when calendars are taken, without what by.',
  permission: 'freebusy.read',
  risk: 'read',
  scopes: [FREE_BUSY],
  summaryParameter: 'from',
  inputSchema: objectSchema({ calendars: CALENDARS_PARAMETER, from: INSTANT_PARAMETER, to: INSTANT_PARAMETER }, [
    'calendars',
    'from',
    'to',
  ]),
  outputSchema: objectSchema({ calendars: { type: 'array', items: CALENDAR } }, ['calendars']),
  request: (parameters) => {
    const items: Json[] = texts(parameters, 'calendars').map((id) => ({ id }));
    const body = { timeMin: text(parameters, 'from'), timeMax: text(parameters, 'to'), items };
    return { method: 'freeBusy', verb: 'POST', args: {}, body };
  },
  result: (body) => ({
    calendars: Object.entries(readBody(answerSchema, body).calendars).map(([calendar, { busy, errors }]) => ({
      calendar,
      busy: busy.map(({ start, end }) => ({ start, end })),
      ...(errors?.[0] && { problem: errors[0].reason.slice(0, 80) }),
    })),
  }),
};
