import type { Json, JsonObject } from '../../../contracts/json.ts';

/** The lines of a call that has some, which its schema has checked. */
export function linesOf(parameters: JsonObject): JsonObject[] {
  const { lines } = parameters;
  return Array.isArray(lines) ? lines.filter(isObject) : [];
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
