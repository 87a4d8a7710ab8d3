import { z } from 'zod';
import { missing } from './errors.ts';

/** What every list takes. https://docs.stripe.com/api/pagination */
export const PAGING = {
  limit: z.coerce.number().int().min(1).max(100).default(10),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  expand: z.array(z.string()).optional(),
};
export const CREATED = z
  .strictObject({
    gt: z.coerce.number().optional(),
    gte: z.coerce.number().optional(),
    lt: z.coerce.number().optional(),
    lte: z.coerce.number().optional(),
  })
  .default({});

export function isWithin(created: number, { gt, gte, lt, lte }: z.infer<typeof CREATED>): boolean {
  const [after, from, before, to] = [gt ?? -Infinity, gte ?? -Infinity, lt ?? Infinity, lte ?? Infinity];
  return created > after && created >= from && created < before && created <= to;
}

interface Paging {
  limit: number;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
}

/** A page, newest first, of objects that stand in the order in which they were made. */
export function page(url: string, objects: readonly { id: string }[], paging: Paging): Record<string, unknown> {
  const newestFirst = objects.toReversed();
  const indexOf = (id: string, param: string) => {
    const index = newestFirst.findIndex((one) => one.id === id);
    if (index < 0) throw missing(`object: '${id}'`, param);
    return index;
  };
  const { limit, starting_after: after, ending_before: before } = paging;
  if (before !== undefined) {
    const end = indexOf(before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', url, has_more: start > 0, data: structuredClone(newestFirst.slice(start, end)) };
  }
  const start = after === undefined ? 0 : indexOf(after, 'starting_after') + 1;
  const data = structuredClone(newestFirst.slice(start, start + limit));
  return { object: 'list', url, has_more: start + limit < newestFirst.length, data };
}
