import type { JsonObject } from '../../../contracts/json.ts';
import type { CalendarEvent } from './wire.ts';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const BASE32HEX = '0123456789abcdefghijklmnopqrstuv';

/**
 * The id of the event that a call makes: our key in the letters that Calendar takes (RFC 4648, 7: base32hex).
 * https://developers.google.com/workspace/calendar/api/guides/version-resources says that no second event of an id is made,
 * https://developers.google.com/workspace/calendar/api/v3/reference/events#id that this is not always noticed: so a lost
 * event is looked for by its id first, and never sent again on trust.
 */
export function eventIdOf(nativeKey: string): string {
  return Array.from(nativeKey, (letter) => BASE32HEX.charAt(BASE32.indexOf(letter))).join('');
}

/** Name of the private property that tells which call changed an event last; whoever looks at the event does not see it. */
const PROPERTY = 'clancy_call';

export function marked(nativeKey: string): JsonObject {
  return { extendedProperties: { private: { [PROPERTY]: nativeKey } } };
}

export function isMarked({ extendedProperties }: CalendarEvent, nativeKey: string): boolean {
  return extendedProperties?.private?.[PROPERTY] === nativeKey;
}
