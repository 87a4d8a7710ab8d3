import { ClancyError } from '../../../../contracts/errors.ts';
import type { Json, JsonObject } from '../../../../contracts/json.ts';
import type { Expressions } from '../../../../platform/expressions/expressions.ts';

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A template whose value is an object. */
export async function resolveObject(expressions: Expressions, template: JsonObject, scope: JsonObject): Promise<JsonObject> {
  const value = await expressions.resolveTemplate(template, scope);
  if (!isObject(value)) throw new ClancyError('expression_failed', 'expected the template to give an object');
  return value;
}
