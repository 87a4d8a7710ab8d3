import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { ApiArguments, ProviderReader } from '../definition.ts';
import { optional, readBody, text } from '../parameters.ts';

/** Shapes of GitHub's objects, as far as we look at them. https://docs.github.com/en/rest */

const userSchema = z.looseObject({ login: z.string() }).nullish();
const labelsSchema = z.array(z.union([z.string(), z.looseObject({ name: z.string().nullish() })])).default([]);

export const issueSchema = z.looseObject({
  number: z.int(),
  title: z.string(),
  state: z.string(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: userSchema,
  labels: labelsSchema,
  comments: z.int().optional(),
  created_at: z.string(),
  updated_at: z.string(),
  /** There for what is a pull request: to GitHub each of them is an issue too. */
  pull_request: z.looseObject({}).optional(),
});
export type Issue = z.infer<typeof issueSchema>;

export const pullSchema = z.looseObject({
  number: z.int(),
  title: z.string(),
  state: z.string(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: userSchema,
  draft: z.boolean().optional(),
  merged: z.boolean().optional(),
  merged_at: z.string().nullish(),
  head: z.looseObject({ ref: z.string() }),
  base: z.looseObject({ ref: z.string() }),
  created_at: z.string(),
  updated_at: z.string(),
});
export type Pull = z.infer<typeof pullSchema>;

export const commentSchema = z.looseObject({ id: z.int(), html_url: z.string(), body: z.string().nullish(), user: userSchema });

export const repositorySchema = z.looseObject({
  full_name: z.string(),
  description: z.string().nullish(),
  private: z.boolean(),
  archived: z.boolean().optional(),
  default_branch: z.string().optional(),
  html_url: z.string(),
});

/** Somebody who has left GitHub has no login any more. */
export function loginOf(user: z.infer<typeof userSchema>): string {
  return user?.login ?? 'ghost';
}

export function labelNames(labels: z.infer<typeof labelsSchema>): string[] {
  return labels.flatMap((label) => {
    const name = typeof label === 'string' ? label : label.name;
    return name === null || name === undefined ? [] : [name];
  });
}

/** One page of a list. Pages are counted: what is made meanwhile may show twice, or push something over the edge. */
export async function readPage<T>(
  reader: ProviderReader,
  list: { method: string; args: ApiArguments; schema: z.ZodType<T>; defaultLimit: number },
  parameters: JsonObject,
): Promise<{ items: T[]; next: { next_cursor?: string } }> {
  const perPage = optional(parameters, 'limit') ?? list.defaultLimit;
  const page = text(parameters, 'cursor') || undefined;
  const answer = await reader.read(list.method, { ...list.args, per_page: perPage, page });
  const body = readBody(z.looseObject({ items: z.array(list.schema), next_page: z.int().optional() }), answer);
  return { items: body.items, next: body.next_page === undefined ? {} : { next_cursor: String(body.next_page) } };
}
