import { z } from 'zod';
import { invalid } from '../../google/errors.ts';

/** Checks a query or body. Google ignores an argument it does not know; here it fails, so that a misspelt one shows. */
export function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input ?? {});
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  return parsed.data;
}

/** Of a query. */
export const listQuery = z.strictObject({
  q: z.string().default(''),
  maxResults: z.coerce.number().int().min(1).max(500).default(100),
  pageToken: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
  includeSpamTrash: z.enum(['true', 'false']).default('false'),
});

/** One page and the token of the next. */
export function page<T>(items: T[], { maxResults, pageToken = '0' }: { maxResults: number; pageToken?: string | undefined }) {
  const from = Number(pageToken);
  const next = from + maxResults;
  return { items: items.slice(from, next), ...(next < items.length && { nextPageToken: String(next) }) };
}
