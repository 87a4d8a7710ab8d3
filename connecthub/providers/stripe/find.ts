import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { ApiArguments, LookupContext, ProviderReader } from '../definition.ts';
import { readBody } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';

/** Stripe's clock and the database's may differ; an object this much older than the call is still looked at. */
const CLOCK_DIFFERENCE_MS = 120_000;
const PAGE_SIZE = 100;
const MAX_PAGES = 10;

/** Name of the metadata that marks what a call made. https://docs.stripe.com/api/metadata: customers do not see it. */
const MARK = 'clancy_call';

export function marked(nativeKey: string): { metadata: JsonObject } {
  return { metadata: { [MARK]: nativeKey } };
}

const listSchema = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })), has_more: z.boolean() });
const metadataSchema = z.looseObject({ metadata: z.record(z.string(), z.unknown()).nullish() });

/** Whether an object has the mark of this call. */
export function isMarked(object: unknown, nativeKey: string): boolean {
  return metadataSchema.safeParse(object).data?.metadata?.[MARK] === nativeKey;
}

/** The object with our mark in a list, among those made since the call began. */
export function findMarked(context: LookupContext, method: string): Promise<JsonObject | undefined> {
  return findIn(context.reader, method, since(context), (one) => isMarked(one, context.nativeKey));
}

const eventSchema = z.looseObject({
  request: z.looseObject({ idempotency_key: z.string().nullish() }).nullish(),
  data: z.looseObject({ object: z.looseObject({ id: z.string() }) }),
});

/**
 * The object of the event that our request caused: an event tells the key of its request, and stands for thirty days.
 * https://docs.stripe.com/api/events/object
 */
export async function findEventOf(context: LookupContext, type: string): Promise<JsonObject | undefined> {
  const isOurs = (one: unknown) => eventSchema.safeParse(one).data?.request?.idempotency_key === context.nativeKey;
  const event = await findIn(context.reader, 'events', { ...since(context), type }, isOurs);
  return event && (readBody(eventSchema, event).data.object as JsonObject);
}

function since({ sinceMs }: LookupContext): ApiArguments {
  return { 'created[gte]': Math.floor((sinceMs - CLOCK_DIFFERENCE_MS) / 1_000) };
}

/**
 * Undefined only after the last page.
 *
 * @throws ProviderRefusal when there are more pages than are read: whether ours is there stays open
 */
async function findIn(
  reader: ProviderReader,
  method: string,
  args: ApiArguments,
  isIt: (object: unknown) => boolean,
): Promise<JsonObject | undefined> {
  let startingAfter: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await reader.read(method, { ...args, limit: PAGE_SIZE, starting_after: startingAfter });
    const { data, has_more: hasMore } = readBody(listSchema, answer);
    const found = data.find(isIt);
    if (found) return found as JsonObject;
    if (!hasMore) return undefined;
    startingAfter = data.at(-1)?.id;
  }
  throw new ProviderRefusal({ code: 'provider_refused', reason: 'too_many_objects', retryable: false });
}
