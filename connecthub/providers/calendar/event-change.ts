import type { JsonObject } from '../../../contracts/json.ts';
import type { ApiRequest, EffectCapability } from '../definition.ts';
import { readBody, text } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';
import { assertTimes, DETAILS, detailsOf, sendUpdates } from './event-create.ts';
import { readEvent } from './event-read.ts';
import { CHANGE } from './facts.ts';
import { isMarked, marked } from './marker.ts';
import { CALENDAR_PARAMETER, ETAG_PARAMETER, EVENT, ID_PARAMETER, NOTIFY_PARAMETER, objectSchema, TEXT } from './schemas.ts';
import { READ, WRITE } from './scopes.ts';
import { eventSchema, eventsOf, toEvent } from './wire.ts';

const WHICH: JsonObject = { calendar: CALENDAR_PARAMETER, id: ID_PARAMETER, etag: ETAG_PARAMETER };

/**
 * Only as long as the event is the one that was seen. https://developers.google.com/workspace/calendar/api/guides/version-resources:
 * otherwise 412, and nothing is done.
 */
function changing(verb: 'PATCH' | 'DELETE', parameters: JsonObject, body?: JsonObject): ApiRequest {
  return {
    method: eventsOf(parameters, `/${text(parameters, 'id')}`),
    verb,
    args: { sendUpdates: sendUpdates(parameters) },
    headers: { 'if-match': text(parameters, 'etag') },
    ...(body !== undefined && { body }),
  };
}

export const eventUpdate: EffectCapability = {
  ...CHANGE,
  capability: 'event.update',
  title: 'Change an event',
  description: 'Changes what is named of an event, and leaves the rest as it is. Start and end are changed together.',
  risk: 'write',
  scopes: [WRITE],
  summaryParameter: 'id',
  inputSchema: objectSchema({ ...WHICH, ...DETAILS, notify: NOTIFY_PARAMETER }, ['id', 'etag']),
  outputSchema: EVENT,
  prepare: async (parameters) => {
    assertTimes(parameters);
    return parameters;
  },
  request: (parameters, { nativeKey }) => changing('PATCH', parameters, { ...detailsOf(parameters), ...marked(nativeKey) }),
  result: (body) => toEvent(readBody(eventSchema, body)),
  effectId: (result) => `${text(result, 'id')}/${text(result, 'etag')}`,
  lookup: {
    scopes: [READ],
    byMarkerAlone: true,
    find: async (parameters, { reader, nativeKey }) => {
      const event = await readEvent(parameters, text(parameters, 'id'), reader);
      if (isMarked(event, nativeKey)) return toEvent(event);
      if (event.etag === text(parameters, 'etag')) return undefined;
      // Somebody changed it since, before us or after us: who was first cannot be seen.
      throw new ProviderRefusal({ code: 'provider_refused', reason: 'changed_since', retryable: false });
    },
  },
};

const GONE = new Set(['not_found', 'deleted']);

function toDeleted(parameters: JsonObject): JsonObject {
  return { id: text(parameters, 'id') };
}

/** What is deleted stays so, and whether it is can be read. */
export const eventDelete: EffectCapability = {
  ...CHANGE,
  capability: 'event.delete',
  title: 'Delete an event',
  description: 'Deletes an event, for everybody who is invited where it is the own one.',
  risk: 'destructive',
  scopes: [WRITE],
  summaryParameter: 'id',
  inputSchema: objectSchema({ ...WHICH, notify: NOTIFY_PARAMETER }, ['id', 'etag']),
  outputSchema: objectSchema({ id: TEXT }, ['id']),
  // https://developers.google.com/workspace/calendar/api/v3/reference/events/delete
  request: (parameters) => changing('DELETE', parameters),
  result: (_body, parameters) => toDeleted(parameters),
  effectId: (result) => `${text(result, 'id')}/deleted`,
  alreadyDone: { reasons: ['deleted'], result: toDeleted },
  lookup: {
    scopes: [READ],
    find: async (parameters, { reader }) => {
      try {
        const event = await readEvent(parameters, text(parameters, 'id'), reader);
        return event.status === 'cancelled' ? toDeleted(parameters) : undefined;
      } catch (error) {
        if (error instanceof ProviderRefusal && GONE.has(error.refusal.reason)) return toDeleted(parameters);
        throw error;
      }
    },
  },
};
