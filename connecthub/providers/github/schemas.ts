import type { JsonObject } from '../../../contracts/json.ts';

/** Pieces of the JSON Schemas (2020-12) of GitHub's capabilities. */

export function objectSchema(properties: JsonObject, required: string[]): JsonObject {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** Names stand in the path of requests: nothing but what GitHub allows in them, and no dots alone. */
export const REPOSITORY_PARAMETER: JsonObject = {
  type: 'string',
  maxLength: 140,
  pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,38}/(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}$',
  description: 'owner/name.',
};
export const NUMBER_PARAMETER: JsonObject = { type: 'integer', minimum: 1, maximum: 999_999_999 };
export const STATE_PARAMETER: JsonObject = { type: 'string', enum: ['open', 'closed', 'all'], default: 'open' };
export const BODY_PARAMETER: JsonObject = { type: 'string', minLength: 1, maxLength: 60_000, description: 'Markdown.' };
export const CURSOR_PARAMETER: JsonObject = {
  type: 'string',
  pattern: '^[1-9][0-9]{0,5}$',
  description: 'next_cursor of the page before.',
};

export function limitParameter(byDefault: number): JsonObject {
  return { type: 'integer', minimum: 1, maximum: 100, default: byDefault, description: `How many; ${byDefault} when absent.` };
}

export const TEXT: JsonObject = { type: 'string' };
export const INTEGER: JsonObject = { type: 'integer' };
export const BOOLEAN: JsonObject = { type: 'boolean' };
export const TEXTS: JsonObject = { type: 'array', items: TEXT };

export function pageSchema(name: string, item: JsonObject): JsonObject {
  return objectSchema(
    {
      [name]: { type: 'array', items: item },
      next_cursor: { type: 'string', description: 'Present when there is another page.' },
    },
    [name],
  );
}
