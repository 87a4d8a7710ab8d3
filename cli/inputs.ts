import { z } from 'zod';
import { parseCapability } from '../contracts/ids.ts';
import type { VerbOption } from './verb.ts';

/** Options of every list. */
export const pageOptions: readonly VerbOption[] = [
  { flags: '--limit <n>', description: 'how many, 1 to 100 (20 unless said otherwise)' },
  { flags: '--cursor <cursor>', description: 'go on where an earlier page ended' },
];
export const pageInput = {
  limit: z.coerce.number('a number').int('a whole number').min(1, '1 to 100').max(100, '1 to 100').optional(),
  cursor: z.string().min(1).optional(),
};

export const idInput = z.string().min(1, 'an identifier is missing');
export const versionInput = z.coerce.number('a number').int('a whole number').min(1, '1 or higher');

/** `slack/slack.post`. */
export const capabilityInput = z.string().transform((text, context) => {
  const parsed = parseCapability(text);
  if (parsed) return parsed;
  context.addIssue({ code: 'custom', message: 'expected provider/capability, such as slack/slack.post' });
  return z.NEVER;
});

/** A repeatable `name=value` option as an object. */
export const pairsInput = z
  .array(z.string().regex(/^[^=]+=/, 'expected name=value'))
  .transform((pairs) =>
    Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const)),
  );

/** An option that holds JSON text. */
export function jsonInput<T extends z.ZodType>(shape: T) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'expected JSON' });
        return z.NEVER;
      }
    })
    .pipe(shape);
}

/** What a list says below its rows when there are more. */
export function moreRows(nextCursor: string | null | undefined): string {
  return nextCursor === null || nextCursor === undefined ? '' : `More: add --cursor ${nextCursor}`;
}
