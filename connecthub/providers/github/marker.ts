import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { ApiArguments, LookupContext } from '../definition.ts';
import { readBody } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';

/** GitHub's clock and the database's may differ; what is this much older than the call is still looked at. */
const CLOCK_DIFFERENCE_MS = 120_000;
const PAGE_SIZE = 100;
const MAX_PAGES = 10;

const MARKER = /\s*<!-- clancy [a-z2-7]{32} -->\s*$/;

/** A comment of HTML, which GitHub does not show, at the end of what a call has written. */
export function withMarker(body: string, nativeKey: string): string {
  const mark = `<!-- clancy ${nativeKey} -->`;
  return body === '' ? mark : `${body}\n\n${mark}`;
}

/** A text as people wrote it. */
export function withoutMarker(body: string | null | undefined): string {
  return (body ?? '').replace(MARKER, '');
}

const listSchema = z.looseObject({
  items: z.array(z.looseObject({ body: z.string().nullish() })),
  next_page: z.int().optional(),
});

/**
 * What has our marker among what was made or changed since the call began. Undefined only after the last page.
 *
 * @throws ProviderRefusal when there are more pages than are read: whether ours is there stays open
 */
export async function findMarked(context: LookupContext, method: string, args: ApiArguments): Promise<JsonObject | undefined> {
  const since = new Date(context.sinceMs - CLOCK_DIFFERENCE_MS).toISOString();
  let page: number | undefined = 1;
  for (let read = 0; read < MAX_PAGES; read += 1) {
    const answer: JsonObject = await context.reader.read(method, { ...args, since, per_page: PAGE_SIZE, page });
    const { items, next_page: next } = readBody(listSchema, answer);
    const found = items.find(({ body }) => body?.includes(`<!-- clancy ${context.nativeKey} -->`) === true);
    if (found) return found as JsonObject;
    if (next === undefined) return undefined;
    page = next;
  }
  throw new ProviderRefusal({ code: 'provider_refused', reason: 'too_many_objects', retryable: false });
}
