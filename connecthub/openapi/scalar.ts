import type { Json, JsonObject } from '../../contracts/json.ts';
import { items, member, type Place } from './place.ts';
import { DocumentProblem } from './problem.ts';
import type { SchemaUse } from './schema.ts';

const TYPES = new Set(['string', 'number', 'integer', 'boolean']);
const MAX_ENUM = 200;
const MAX_ENUM_TEXT = 200;
const LENGTHS = ['minLength', 'maxLength'] as const;
const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const;

/**
 * A text, a number, a yes or no. Of an answer only the type is kept: a provider may widen its values without telling.
 *
 * @throws DocumentProblem
 */
export function readScalar(use: SchemaUse, place: Place, type: string | string[]): JsonObject {
  for (const one of [type].flat()) {
    if (!TYPES.has(one)) throw new DocumentProblem(`${place.pointer}/type`, 'a type that is not supported');
  }
  const format = member(place, 'format')?.value;
  if (format === 'binary') throw new DocumentProblem(`${place.pointer}/format`, 'files are not supported');
  if (use.direction === 'output') return { type };
  return {
    type,
    ...valuesOf(place),
    ...(format === 'date-time' && { format }),
    ...numbersOf(place, LENGTHS, (value) => Number.isInteger(value) && value >= 0),
    ...(use.dialect === '3.0' ? boundsOf30(place) : numbersOf(place, BOUNDS, Number.isFinite)),
  };
}

function valuesOf(place: Place): JsonObject {
  const one = member(place, 'const');
  if (one) return { enum: [scalar(one)] };
  const several = member(place, 'enum');
  if (!several) return {};
  const values = items(several);
  if (values.length > MAX_ENUM) throw new DocumentProblem(several.pointer, `more than ${MAX_ENUM} values`);
  const distinct = [...new Set(values.map(scalar))];
  if (distinct.length === 0) throw new DocumentProblem(several.pointer, 'no value fits');
  return { enum: distinct };
}

function scalar({ value, pointer }: Place): Json {
  if (typeof value === 'object' && value !== null) throw new DocumentProblem(pointer, 'expected a text, a number, or yes or no');
  if (typeof value === 'string' && value.length > MAX_ENUM_TEXT) throw new DocumentProblem(pointer, 'a value too long');
  return value;
}

function numbersOf(place: Place, names: readonly string[], isFit: (value: number) => boolean): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = member(place, name);
      if (!found) return [];
      const { value, pointer } = found;
      const isPositive = name !== 'multipleOf' || Number(value) > 0;
      if (typeof value !== 'number' || !isFit(value) || !isPositive) throw new DocumentProblem(pointer, 'not a number that fits');
      return [[name, value]];
    }),
  );
}

/** OpenAPI 3.0 says "exclusive" by a yes or no beside the bound. */
function boundsOf30(place: Place): JsonObject {
  const bounds = numbersOf(place, ['minimum', 'maximum', 'multipleOf'], Number.isFinite);
  const { minimum, maximum, ...rest } = bounds;
  const isExclusive = (name: string) => member(place, name)?.value === true;
  return {
    ...rest,
    ...(minimum !== undefined && { [isExclusive('exclusiveMinimum') ? 'exclusiveMinimum' : 'minimum']: minimum }),
    ...(maximum !== undefined && { [isExclusive('exclusiveMaximum') ? 'exclusiveMaximum' : 'maximum']: maximum }),
  };
}
