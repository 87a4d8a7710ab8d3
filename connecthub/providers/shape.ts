import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, Options } from 'ajv';
import type { FieldError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';

/** A JSON Schema (2020-12), compiled. */
export interface Shape {
  /** What is wrong with the value; empty = nothing. Nothing is coerced and no default is filled in. */
  errorsOf(value: Json): FieldError[];
  /** The value without what the schema does not name. Only for shapes made with `cut`. */
  cut(value: Json): Json;
}

/** Making a compiler takes longer than a schema does: there is one of either kind. */
const checking = compiler({});
const cutting = compiler({ removeAdditional: 'all' });

function compiler(more: Options): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allErrors: true, strictTypes: false, ...more });
  addFormats.default(ajv, ['date-time']);
  return ajv;
}

/** @throws Error for a schema that ajv's strict mode does not accept. */
export function createShape(schema: JsonObject, options: { cut?: boolean } = {}): Shape {
  const validate = (options.cut === true ? cutting : checking).compile(schema);
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

/**
 * The same, compiled when it is first asked: the many schemas of an installation would take more than half of its start,
 * and most processes need few of them. A bad schema is found out that late too, so this is for schemas that tests compile.
 */
export function createLateShape(schema: JsonObject, options: { cut?: boolean } = {}): Shape {
  let made: Shape | undefined;
  const shape = () => (made ??= createShape(schema, options));
  return { errorsOf: (value) => shape().errorsOf(value), cut: (value) => shape().cut(value) };
}

function toFieldError(error: ErrorObject): FieldError {
  const name = error.keyword === 'additionalProperties' ? `/${String(error.params['additionalProperty'])}` : '';
  return { field: `/parameters${error.instancePath}${name}`, message: error.message ?? 'invalid' };
}
