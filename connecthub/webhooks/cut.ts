import { MAX_TRIGGER_PAYLOAD_BYTES } from '../../contracts/trigger.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { scrub, scrubText } from '../proxy/scrub.ts';
import type { WebhookEvent } from './definition.ts';

/** What a person wrote, in characters: four bytes each at most, and it stands in the payload too. */
export const MAX_TEXT = 8_000;
const MAX_OTHER_TEXT = 500;
const MAX_ITEMS = 20;

/** A text of at most so many characters, no surrogate pair cut in two. */
export function cutText(text: string, most: number = MAX_TEXT): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** An event as it can be stored and sent: nothing that looks like a token, nothing too large, nothing unstorable. */
export function storable(event: WebhookEvent, tokenPattern: RegExp): WebhookEvent {
  const payload = fit(scrub(event.payload, tokenPattern) as JsonObject);
  const text = cutText(scrubText(event.text ?? '', tokenPattern, []));
  const { text: _text, ...rest } = event;
  return { ...rest, externalId: event.externalId.slice(0, 300), payload, ...(text !== '' && { text }) };
}

/** Providers bound their payloads; where one of them is larger still, its long texts and lists give way. */
function fit(payload: JsonObject): JsonObject {
  if (sizeOf(payload) <= MAX_TRIGGER_PAYLOAD_BYTES) return payload;
  const cut = shorten(payload) as JsonObject;
  return sizeOf(cut) <= MAX_TRIGGER_PAYLOAD_BYTES ? cut : { is_cut: true };
}

function shorten(value: Json): Json {
  if (typeof value === 'string') return cutText(value, MAX_OTHER_TEXT);
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(shorten);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shorten(one)]));
}

function sizeOf(payload: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(payload));
}

/** The members that are there: null and undefined say nothing. */
export function present(members: { [name: string]: Json | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, Json] => member[1] !== undefined && member[1] !== null),
  );
}
