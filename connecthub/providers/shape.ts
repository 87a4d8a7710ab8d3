import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject } from 'ajv';
import type { FieldError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';

/** A JSON Schema (2020-12), compiled. */
export interface Shape {
  /** What is wrong with the value; empty = nothing. Nothing is coerced and no default is filled in. */
  errorsOf(value: Json): FieldError[];
  /** The value without what the schema does not name. Only for shapes made with `cut`. */
  cut(value: Json): Json;
}

/** @throws Error for a schema that ajv's strict mode does not accept. */
export function createShape(schema: JsonObject, options: { cut?: boolean } = {}): Shape {
  const ajv = new Ajv2020({
    strict: true,
    allErrors: true,
    strictTypes: false,
    ...(options.cut === true && { removeAdditional: 'all' as const }),
  });
  addFormats.default(ajv, ['date-time']);
  const validate = ajv.compile(schema);
  const errorsOf = (value: Json): FieldError[] => (validate(value) ? [] : (validate.errors ?? []).map(toFieldError));
  return {
    errorsOf,
    cut: (value) => {
      const copy = structuredClone(value);
      errorsOf(copy);
      return copy;
    },
  };
}

function toFieldError(error: ErrorObject): FieldError {
  const name = error.keyword === 'additionalProperties' ? `/${String(error.params['additionalProperty'])}` : '';
  return { field: `/parameters${error.instancePath}${name}`, message: error.message ?? 'invalid' };
}
