import type { z } from 'zod';
import type { LookupContext } from '../definition.ts';
import { ProviderRefusal } from '../refusal.ts';
import { MAX_PAGE, runQuery, type Query } from './query.ts';

/** Intuit's clock and the database's may differ; an object this much older than the call is still looked at. */
export const CLOCK_DIFFERENCE_MS = 120_000;
const MAX_PAGES = 5;

const MARKER = /(?:^|\s*\n)\[clancy [a-z2-7]{32}\]\s*$/;

/** What stands in the private note of what a call made, so that it is found again. Customers never see that note. */
export function withMarker(note: string | undefined, nativeKey: string): string {
  const mark = `[clancy ${nativeKey}]`;
  return note === undefined || note === '' ? mark : `${note}\n${mark}`;
}

/** A note as people wrote it. */
export function withoutMarker(note: string | undefined): string {
  return (note ?? '').replace(MARKER, '');
}

/**
 * The object with our marker among those made since the call began: notes cannot be searched for, times can. Undefined
 * only after the last page.
 *
 * @throws ProviderRefusal when there are more objects than are read: whether ours is there stays open
 */
export async function findMarked<T>(
  context: LookupContext,
  entity: Query['entity'],
  schema: z.ZodType<T>,
  noteOf: (object: T) => string | undefined,
): Promise<T | undefined> {
  const since = new Date(context.sinceMs - CLOCK_DIFFERENCE_MS).toISOString();
  const where = [{ property: 'MetaData.CreateTime', operator: '>=' as const, value: since }];
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { entity, where, orderBy: 'MetaData.CreateTime', startPosition: page * MAX_PAGE + 1, maxResults: MAX_PAGE };
    const { list } = await runQuery(context.reader, query, schema);
    const found = list.find((object) => noteOf(object)?.includes(`[clancy ${context.nativeKey}]`) === true);
    if (found !== undefined) return found;
    if (list.length < MAX_PAGE) return undefined;
  }
  throw new ProviderRefusal({ code: 'provider_refused', reason: 'too_many_objects', retryable: false });
}
