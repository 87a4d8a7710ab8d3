import { z } from 'zod';

/** A page of a list; `next_cursor` goes into the next request unchanged. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.looseObject({ items: z.array(item), next_cursor: z.string().nullish() });
}

export interface PageQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}
