import type { JsonObject } from '../../../contracts/json.ts';

/** Pieces of the JSON Schemas (2020-12) of Stripe's capabilities. */

export function objectSchema(properties: JsonObject, required: string[]): JsonObject {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** Ids stand in the path of requests: letters, digits and underscores only. */
export function idParameter(prefixes: string, description: string): JsonObject {
  return { type: 'string', maxLength: 100, pattern: `^(?:${prefixes})_[A-Za-z0-9_]+$`, description };
}

export function textParameter(maxLength: number, description: string): JsonObject {
  return { type: 'string', minLength: 1, maxLength, description };
}

export const EMAIL_PARAMETER: JsonObject = { type: 'string', maxLength: 254, pattern: '^[^\\s@,;]+@[^\\s@,;]+\\.[^\\s@,;]+$' };
export const CUSTOMER_PARAMETER: JsonObject = {
  type: 'string',
  maxLength: 254,
  pattern: '^(?:cus_[A-Za-z0-9_]+|[^\\s@,;]+@[^\\s@,;]+\\.[^\\s@,;]+)$',
  description: 'Who: the id (cus_...), or the email address.',
};
export const INVOICE_PARAMETER: JsonObject = idParameter('in', "The invoice's id, not its number.");
export const AMOUNT_PARAMETER: JsonObject = {
  type: 'number',
  exclusiveMinimum: 0,
  maximum: 99_999_999,
  description: 'In whole units of the currency: 12.5 is twelve dollars and fifty cents.',
};
export const CURRENCY_PARAMETER: JsonObject = {
  type: 'string',
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217: what the amounts are in.',
};
export const CURSOR_PARAMETER: JsonObject = idParameter('\\w{1,20}', 'next_cursor of the page before.');

export function limitParameter(byDefault: number): JsonObject {
  return { type: 'integer', minimum: 1, maximum: 100, default: byDefault, description: `How many; ${byDefault} when absent.` };
}

export const TEXT: JsonObject = { type: 'string' };
export const NUMBER: JsonObject = { type: 'number' };
export const BOOLEAN: JsonObject = { type: 'boolean' };

export function pageSchema(name: string, item: JsonObject): JsonObject {
  return objectSchema(
    {
      [name]: { type: 'array', items: item },
      next_cursor: { type: 'string', description: 'Present when there is another page.' },
    },
    [name],
  );
}
