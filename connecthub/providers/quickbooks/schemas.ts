import type { JsonObject } from '../../../contracts/json.ts';

/** Pieces of the JSON Schemas (2020-12) of QuickBooks' capabilities. */

export function objectSchema(properties: JsonObject, required: string[]): JsonObject {
  return { type: 'object', properties, required, additionalProperties: false };
}

export const ID_PARAMETER: JsonObject = { type: 'string', pattern: '^[0-9]{1,20}$' };
export const DATE_PARAMETER: JsonObject = { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' };
export const EMAIL_PARAMETER: JsonObject = { type: 'string', maxLength: 100, pattern: '^[^\\s@,;]+@[^\\s@,;]+\\.[^\\s@,;]+$' };
/** Cents, so that a sum of them is exact far beyond what anybody invoices. */
export const AMOUNT_PARAMETER: JsonObject = { type: 'number', exclusiveMinimum: 0, maximum: 999_999_999 };
export const CURRENCY_PARAMETER: JsonObject = {
  type: 'string',
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217: what the amounts are in.',
};

export function described(schema: JsonObject, description: string): JsonObject {
  return { ...schema, description };
}

export function textParameter(maxLength: number, description: string): JsonObject {
  return { type: 'string', minLength: 1, maxLength, description };
}

/** Somebody or something by id or by its exact name, as people see it in QuickBooks. */
export function whoParameter(what: string): JsonObject {
  return textParameter(500, `${what}: the id, or the exact name.`);
}

export function limitParameter(maximum: number, byDefault: number): JsonObject {
  return { type: 'integer', minimum: 1, maximum, default: byDefault, description: `How many at most; ${byDefault} when absent.` };
}

export const TEXT: JsonObject = { type: 'string' };
export const NUMBER: JsonObject = { type: 'number' };
export const INTEGER: JsonObject = { type: 'integer' };

/** A list with the word whether there is more than it holds. */
export function listSchema(name: string, item: JsonObject): JsonObject {
  return objectSchema(
    {
      [name]: { type: 'array', items: item },
      truncated: { type: 'boolean', description: 'There are more than these: ask narrower.' },
    },
    [name, 'truncated'],
  );
}
