import type { JsonObject } from '../../contracts/json.ts';
import { EVENT_FIELDS, type EventFilter } from '../../contracts/trigger.ts';

const FIELDS: { [type: string]: readonly string[] | undefined } = EVENT_FIELDS;

/** What an event finds a subscription by: the first field of its filter, or the empty text. */
export function filterKeyOf(filter: EventFilter): string {
  const [first] = Object.entries(filter).sort(([one], [other]) => (one < other ? -1 : 1));
  return first === undefined ? '' : `${first[0]}=${plain(first[1])}`;
}

/** All keys by which subscriptions to this event may be found. Fields that the event's type does not declare do not count. */
export function filterKeysOf(type: string, payload: JsonObject): string[] {
  return ['', ...declared(type, payload).map(([field, value]) => `${field}=${value}`)];
}

/** Whether the event has each field of the filter with its value; a name is as good as an id. */
export function meets(filter: EventFilter, type: string, payload: JsonObject): boolean {
  const has = new Set(declared(type, payload).map(([field, value]) => `${field}=${value}`));
  return Object.entries(filter).every(([field, value]) => has.has(`${field}=${plain(value)}`));
}

function declared(type: string, payload: JsonObject): [field: string, value: string][] {
  return (FIELDS[type] ?? []).flatMap((name): [string, string][] => {
    const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
    return typeof value === 'string' && value !== '' ? [[name.replace(/_name$/, ''), plain(value)]] : [];
  });
}

function plain(value: string): string {
  return value.replace(/^[#@]/, '').toLowerCase();
}
