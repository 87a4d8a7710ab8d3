import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { ApiArguments, ProviderReader } from '../definition.ts';
import { optional, readBody, text } from '../parameters.ts';

/**
 * One page of a list, newest first (https://docs.stripe.com/api/pagination). The cursor is the id of the last one: what is
 * made meanwhile moves nothing.
 */
export async function readPage<T extends { id: string }>(
  reader: ProviderReader,
  list: { method: string; args: ApiArguments; schema: z.ZodType<T>; defaultLimit: number },
  parameters: JsonObject,
): Promise<{ items: T[]; next: { next_cursor?: string } }> {
  const limit = optional(parameters, 'limit') ?? list.defaultLimit;
  const cursor = text(parameters, 'cursor') || undefined;
  const body = await reader.read(list.method, { ...list.args, limit, starting_after: cursor });
  const page = readBody(z.looseObject({ data: z.array(list.schema), has_more: z.boolean() }), body);
  const last = page.data.at(-1)?.id;
  return { items: page.data, next: page.has_more && last !== undefined ? { next_cursor: last } : {} };
}
