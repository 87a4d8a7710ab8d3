import type { Json, JsonObject } from '../../contracts/json.ts';
import { isObject } from './place.ts';

/** More than this is no answer for an employee: it would not pass through the workflow either. */
const MAX_RESULT_BYTES = 200 * 1024;

/**
 * What of an answer has the declared shape. A part of another type is left out rather than held against the whole: the
 * effect has happened, and documents are often wrong in what they say of answers. Undefined: nothing of it fits.
 */
export function fit(schema: JsonObject, value: Json): Json | undefined {
  const types = [schema['type'] ?? []].flat();
  if (!types.some((type) => typeof type === 'string' && isOf(type, value))) return undefined;
  if (Array.isArray(value)) {
    const { items } = schema;
    return value.flatMap((one) => fit(isObject(items) ? items : {}, one) ?? []);
  }
  if (!isObject(value)) return value;
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, part]) => {
      const fitting = Object.hasOwn(value, name) && isObject(part) ? fit(part, value[name] ?? null) : undefined;
      return fitting === undefined ? [] : [[name, fitting]];
    }),
  );
}

function isOf(type: string, value: Json): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    default:
      return typeof value === type;
  }
}

/**
 * The result where it is not too large; of an effect, which has happened, its plain values at least. Undefined: too large.
 */
export function lighten(result: Json, risk: string): Json | undefined {
  if (Buffer.byteLength(JSON.stringify(result)) <= MAX_RESULT_BYTES) return result;
  if (risk === 'read') return undefined;
  if (!isObject(result)) return [];
  return Object.fromEntries(
    Object.entries(result).filter(([, value]) => typeof value !== 'object' && String(value).length <= 1_000),
  );
}
