import type { Json, JsonObject } from '../../contracts/json.ts';
import { readScalar } from './scalar.ts';
import { follow, isObject, items, member, members, textAt, type Place, type Reading } from './place.ts';
import { DocumentProblem } from './problem.ts';

/** What a schema is for: parameters must be described whole; of an answer, what cannot be described is left out. */
export interface SchemaUse extends Reading {
  readonly direction: 'input' | 'output';
  /** Told where something of an answer is left out, and why. */
  readonly leaveOut: (problem: DocumentProblem) => void;
  /** Parts that may still be read for this capability: a document can be small and describe very much. */
  budget: number;
}

const MAX_DEPTH = 10;
const MAX_DESCRIPTION = 200;
/** Say nothing about which values fit. */
const REMARKS = new Set([
  '$ref',
  'title',
  'description',
  'default',
  'example',
  'examples',
  'deprecated',
  'externalDocs',
  'xml',
  '$comment',
  'readOnly',
  'writeOnly',
  'nullable',
]);
/** Read where their type is; `pattern` and most formats are the provider's to check: a pattern may take for ever. */
const KNOWN = new Set([
  'type',
  'enum',
  'const',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'items',
  'minItems',
  'maxItems',
  'uniqueItems',
  'properties',
  'required',
  'additionalProperties',
  'allOf',
  'oneOf',
  'anyOf',
  'contentMediaType',
  'contentEncoding',
]);

/**
 * A small, closed JSON Schema (2020-12) of a schema of the document: references followed, objects closed, remarks cut.
 *
 * @param open places that are being read, outermost first: to meet one of them again is a cycle
 * @throws DocumentProblem where it says what cannot be said so
 */
export function deriveSchema(use: SchemaUse, given: Place, open: readonly string[] = []): JsonObject {
  const place = follow(use, given);
  if (open.includes(place.pointer)) throw new DocumentProblem(given.pointer, 'a schema that contains itself');
  if (open.length >= MAX_DEPTH) throw new DocumentProblem(given.pointer, `nested deeper than ${MAX_DEPTH} levels`);
  if ((use.budget -= 1) < 0) throw new DocumentProblem(given.pointer, 'more parts than a capability may have');
  if (!isObject(place.value)) throw new DocumentProblem(place.pointer, 'takes anything: nobody could check it');
  assertKnown(place);
  const inner = [...open, place.pointer];
  const only = onlyBranch(use, place);
  const schema = only ? deriveSchema(use, only.branch, inner) : deriveTyped(use, place, inner);
  const described = describe(schema, place);
  return isNullable(use, place) || only?.isNullable === true ? orNull(described) : described;
}

function assertKnown(place: Place): void {
  for (const { name, pointer } of members(place)) {
    if (REMARKS.has(name) || KNOWN.has(name) || name.startsWith('x-')) continue;
    throw new DocumentProblem(pointer, `\`${name}\` is not supported`);
  }
}

/** `oneOf` and `anyOf` say "this, or null"; `allOf` of one says "this". Anything else of them is not supported. */
function onlyBranch(use: SchemaUse, place: Place): { branch: Place; isNullable: boolean } | undefined {
  for (const keyword of ['oneOf', 'anyOf'] as const) {
    const found = member(place, keyword);
    if (!found) continue;
    const branches = items(found);
    const real = branches.filter((branch) => textAt(follow(use, branch), 'type') !== 'null');
    const [branch] = real;
    if (real.length === 1 && branch) return { branch, isNullable: real.length < branches.length };
    throw new DocumentProblem(found.pointer, `\`${keyword}\` of several shapes is not supported`);
  }
  const all = member(place, 'allOf');
  const [branch, ...more] = all ? items(all) : [];
  return branch && more.length === 0 && !member(place, 'properties') ? { branch, isNullable: false } : undefined;
}

function deriveTyped(use: SchemaUse, place: Place, open: readonly string[]): JsonObject {
  const type = typeOf(place);
  if (type === 'object') return deriveObject(use, place, open);
  if (type === 'array') return deriveArray(use, place, open);
  return readScalar(use, place, type);
}

/** One type, or several of one value each. */
function typeOf(place: Place): string | string[] {
  const given = member(place, 'type')?.value;
  const types = [given ?? impliedType(place)].flat().filter((type) => type !== 'null');
  if (!types.every((type) => typeof type === 'string') || types.length === 0) {
    throw new DocumentProblem(place.pointer, 'has no type: nobody could check it');
  }
  const [first] = types;
  if (types.length === 1 && first !== undefined) return first;
  if (types.some((type) => type === 'object' || type === 'array')) {
    throw new DocumentProblem(`${place.pointer}/type`, 'several types, objects or lists among them, are not supported');
  }
  return types;
}

function impliedType(place: Place): Json {
  if (member(place, 'properties') || member(place, 'allOf')) return 'object';
  if (member(place, 'items')) return 'array';
  const values = member(place, 'enum')?.value;
  return Array.isArray(values) && values.every((value) => typeof value === 'string') ? 'string' : [];
}

function deriveArray(use: SchemaUse, place: Place, open: readonly string[]): JsonObject {
  const of = member(place, 'items');
  if (!of) throw new DocumentProblem(place.pointer, 'a list of anything: nobody could check it');
  const counts = use.direction === 'input' ? ['minItems', 'maxItems', 'uniqueItems'] : [];
  const kept = counts.flatMap((name) => {
    const value = member(place, name)?.value;
    return Number.isInteger(value) || typeof value === 'boolean' ? [[name, value]] : [];
  });
  return { type: 'array', items: deriveSchema(use, of, open), ...Object.fromEntries(kept) };
}

interface Shape {
  properties: Map<string, Place>;
  required: Set<string>;
}

function deriveObject(use: SchemaUse, place: Place, open: readonly string[]): JsonObject {
  const { properties, required } = shapeOf(use, place, open);
  if (properties.size === 0) throw new DocumentProblem(place.pointer, 'an object of anything: nobody could check it');
  const away = use.direction === 'input' ? 'readOnly' : 'writeOnly';
  const derived = [...properties].flatMap(([name, property]): [string, JsonObject][] => {
    if (member(follow(use, property), away)?.value === true) return [];
    const schema = orLeftOut(use, () => deriveSchema(use, property, open));
    return schema ? [[name, schema]] : [];
  });
  const names = derived.map(([name]) => name);
  const needed = use.direction === 'input' ? names.filter((name) => required.has(name)) : [];
  return {
    type: 'object',
    properties: Object.fromEntries(derived),
    ...(needed.length > 0 && { required: needed }),
    additionalProperties: false,
  };
}

/** What of an answer cannot be described is left out of it, and said to be. */
function orLeftOut<T>(use: SchemaUse, derive: () => T): T | undefined {
  try {
    return derive();
  } catch (error) {
    if (!(error instanceof DocumentProblem) || use.direction === 'input') throw error;
    use.leaveOut(error);
    return undefined;
  }
}

/** The properties of an object and of everything that it is made of (`allOf`). */
export function shapeOf(use: SchemaUse, given: Place, open: readonly string[] = []): Shape {
  const place = follow(use, given);
  if (open.length > MAX_DEPTH) throw new DocumentProblem(given.pointer, 'a schema that contains itself');
  assertKnown(place);
  const own = member(place, 'properties');
  const shape: Shape = { properties: new Map(), required: new Set() };
  for (const property of own ? members(own) : []) shape.properties.set(property.name, property);
  for (const name of requiredOf(place)) shape.required.add(name);
  for (const part of itemsOf(place, 'allOf')) {
    const more = shapeOf(use, part, [...open, place.pointer]);
    for (const [name, property] of more.properties) {
      if (shape.properties.has(name)) throw new DocumentProblem(property.pointer, `\`${name}\` is described twice`);
      shape.properties.set(name, property);
    }
    for (const name of more.required) shape.required.add(name);
  }
  return shape;
}

function itemsOf(place: Place, name: string): Place[] {
  const found = member(place, name);
  return found ? items(found) : [];
}

function requiredOf(place: Place): string[] {
  return itemsOf(place, 'required').map(({ value, pointer }) => {
    if (typeof value === 'string') return value;
    throw new DocumentProblem(pointer, 'expected a name');
  });
}

function isNullable({ dialect }: Reading, place: Place): boolean {
  if (dialect === '3.0') return member(place, 'nullable')?.value === true;
  const type = member(place, 'type')?.value;
  return Array.isArray(type) && type.includes('null');
}

function orNull(schema: JsonObject): JsonObject {
  const { type, enum: values } = schema;
  const types = [type ?? []].flat();
  if (types.includes('null')) return schema;
  return { ...schema, type: [...types, 'null'], ...(Array.isArray(values) && { enum: [...values, null] }) };
}

function describe(schema: JsonObject, place: Place): JsonObject {
  const text = plainText(textAt(place, 'description') ?? '', MAX_DESCRIPTION);
  return text === '' ? schema : { ...schema, description: text };
}

/** Text of a document as people and models may see it: one line, no control characters, not much of it. */
export function plainText(text: string, most: number): string {
  const line = text
    .slice(0, 4 * most)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length <= most ? line : `${line.slice(0, most - 3).trimEnd()}...`;
}
