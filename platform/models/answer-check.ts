import { Ajv2020 } from 'ajv/dist/2020.js';
import { ClancyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { storable } from '../expressions/storable.mjs';

/**
 * A check that an answer has the shape that was asked for; endpoints differ in how strictly they hold to a schema.
 * @throws ClancyError `graph_invalid` for a schema that is none; the check throws `model_failed`.
 */
export function compileAnswerCheck(schema: JsonObject): (answer: unknown) => JsonObject {
  const validate = compile(schema);
  return (given) => {
    const answer = cleaned(given);
    if (isObject(answer) && validate(answer)) return answer;
    const [error] = validate.errors ?? [];
    const where = error ? `${error.instancePath || '/'} ${error.message ?? 'is wrong'}` : 'no object';
    throw new ClancyError('model_failed', `the model's answer does not fit its schema: ${where}`);
  };
}

function compile(schema: JsonObject) {
  // A validator of its own each time: schemas are data of organisations and may not meet under one $id.
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
  try {
    return ajv.compile(schema);
  } catch (cause) {
    throw new ClancyError('graph_invalid', 'the schema of a model node is not a JSON Schema', { cause });
  }
}

/** Without what no database takes: results of runs are recorded. */
function cleaned(answer: unknown): unknown {
  return answer === undefined ? undefined : JSON.parse(storable(JSON.stringify(answer)));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
