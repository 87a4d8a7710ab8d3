import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Json, JsonObject } from '../../contracts/json.ts';

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
const validators = new WeakMap<JsonObject, ValidateFunction>();

/** Texts that fit what schemas of providers want of one. */
const TEXTS = [
  'some text',
  '#general',
  '@ada',
  'ada@firm.example',
  'EUR',
  '2026-11-24',
  '2026-11-24T10:00:00Z',
  '1790000000.000100',
  'eyes',
  'acme/desk',
  '17',
  'this_month',
];
const NUMBERS = [1, 10, 12.5, 100, 0];

/** Whether a value fits a schema. */
export function fits(schema: JsonObject, value: Json): boolean {
  const known = validators.get(schema);
  const validate = known ?? ajv.compile(schema);
  if (!known) {
    ajv.removeSchema(schema);
    validators.set(schema, validate);
  }
  return validate(value);
}

/** A value that fits a schema, with as little in it as it allows; undefined where none is found. `size`: of lists. */
export function valueOf(schema: JsonObject, size: number): Json | undefined {
  return candidates(schema, size).find((value) => fits(schema, value));
}

function candidates(schema: JsonObject, size: number): Json[] {
  if (schema['const'] !== undefined) return [schema['const']];
  if (Array.isArray(schema['enum'])) return schema['enum'];
  const [variant] = [schema['anyOf'], schema['oneOf'], schema['allOf']].filter(Array.isArray);
  if (variant)
    return variant.flatMap((one) =>
      isSchema(one) ? candidates({ ...schema, ...one, anyOf: null, oneOf: null, allOf: null }, size) : [],
    );
  const types = [schema['type']].flat();
  return types.flatMap((type) => (typeof type === 'string' ? ofType(type, schema, size) : []));
}

function ofType(type: string, schema: JsonObject, size: number): Json[] {
  if (type === 'object') return [objectOf(schema, size)];
  if (type === 'array') return [size, 1, 0].map((length) => listOf(schema, length));
  if (type === 'boolean') return [true, false];
  if (type === 'number' || type === 'integer') return NUMBERS;
  return type === 'null' ? [null] : TEXTS;
}

function objectOf(schema: JsonObject, size: number): JsonObject {
  const properties = isSchema(schema['properties'] ?? null) ? (schema['properties'] as { [name: string]: JsonObject }) : {};
  const entries = Object.entries(properties).flatMap(([name, one]): [string, Json][] => {
    // `true` is a schema too: anything fits.
    const value = isSchema(one) ? valueOf(one, size) : 'anything';
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

function listOf({ items }: JsonObject, length: number): Json[] {
  const item = isSchema(items ?? null) ? valueOf(items as JsonObject, 1) : 'item';
  return item === undefined ? [] : Array.from({ length }, () => structuredClone(item));
}

function isSchema(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
