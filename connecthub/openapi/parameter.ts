import type { JsonObject } from '../../contracts/json.ts';
import { member, textAt, type Place } from './place.ts';
import { DocumentProblem } from './problem.ts';
import { deriveSchema, type SchemaUse } from './schema.ts';
import type { StoredField } from './stored.ts';

/** A parameter of a capability, out of one of the operation or out of a property of its body. */
export interface Field {
  field: StoredField;
  schema: JsonObject;
  isRequired: boolean;
  pointer: string;
}

/** Said by others than whoever calls: https://spec.openapis.org/oas/v3.1.1.html#parameter-object. */
const SAID_ELSEWHERE = new Set(['accept', 'content-type', 'authorization']);
/** They would change who asks, where the request goes, or how it is framed. */
const FORBIDDEN_HEADERS =
  /^(?:host|cookie|connection|keep-alive|content-length|content-encoding|transfer-encoding|te|trailer|upgrade|expect|forwarded|via|origin|referer|x-forwarded-.*|x-real-ip|x-http-method.*|x-method-override|proxy-.*|sec-.*)$/;
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}$/;
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;
const MAX_PATH_TEXT = 512;
/** No part of it, whatever a server takes for a border between parts, is `.` or `..`. */
const PATH_TEXT = '^(?!(?:[\\s\\S]*[/\\\\])?\\.{1,2}(?:[/\\\\]|$))';
const HEADER_TEXT = '^[\\x21-\\x7e](?:[\\x20-\\x7e]*[\\x21-\\x7e])?$';

/** Undefined: not the caller's to say. */
export function readParameter(use: SchemaUse, place: Place): Field | undefined {
  const as = textAt(place, 'name') ?? '';
  const where = textAt(place, 'in');
  if (where === 'header' && SAID_ELSEWHERE.has(as.toLowerCase())) return undefined;
  const isRequired = where === 'path' || member(place, 'required')?.value === true;
  const pointer = place.pointer;
  const described = member(place, 'schema');
  if (!described) throw new DocumentProblem(pointer, 'has no schema (`content` of parameters is not supported)');
  const schema = withDescription(deriveSchema(use, described), place);
  if (where === 'path')
    return { field: { name: nameOf(as, pointer), in: 'path', as }, schema: pathSchema(place, schema), isRequired, pointer };
  if (where === 'header')
    return {
      field: { name: nameOf(as, pointer), in: 'header', as },
      schema: headerSchema(place, as, schema),
      isRequired,
      pointer,
    };
  if (where !== 'query') throw new DocumentProblem(`${pointer}/in`, 'not a path, query or header parameter');
  const list = listOf(place, schema);
  return { field: { name: nameOf(as, pointer), in: 'query', as, ...(list && { list }) }, schema, isRequired, pointer };
}

/** The provider's name as tools of models may have it. */
export function nameOf(as: string, pointer: string): string {
  const name = as
    .replace(/\[\]$/, '')
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/(?<=.)_$/, '');
  if (NAME.test(name)) return name;
  throw new DocumentProblem(pointer, 'a name that cannot be used');
}

function withDescription(schema: JsonObject, place: Place): JsonObject {
  const description = textAt(place, 'description');
  return description === undefined || schema['description'] !== undefined
    ? schema
    : { ...schema, description: description.slice(0, 800) };
}

function pathSchema(place: Place, schema: JsonObject): JsonObject {
  assertStyle(place, 'simple');
  assertPlain(place, schema);
  if (schema['type'] !== 'string') return schema;
  const { maxLength } = schema;
  const most = typeof maxLength === 'number' ? Math.min(maxLength, MAX_PATH_TEXT) : MAX_PATH_TEXT;
  return { ...schema, minLength: 1, maxLength: most, pattern: PATH_TEXT };
}

function headerSchema(place: Place, as: string, schema: JsonObject): JsonObject {
  assertStyle(place, 'simple');
  assertPlain(place, schema);
  if (!TOKEN.test(as) || FORBIDDEN_HEADERS.test(as.toLowerCase())) {
    throw new DocumentProblem(`${place.pointer}/name`, 'a header that nobody may set');
  }
  return schema['type'] === 'string' ? { maxLength: 1_000, ...schema, pattern: HEADER_TEXT } : schema;
}

/** Undefined: one value. */
function listOf(place: Place, schema: JsonObject): 'repeat' | 'comma' | undefined {
  assertStyle(place, 'form');
  if (schema['type'] !== 'array') {
    assertPlain(place, schema);
    return undefined;
  }
  const of = schema['items'];
  assertPlain(place, typeof of === 'object' && of !== null && !Array.isArray(of) ? of : {});
  return member(place, 'explode')?.value === false ? 'comma' : 'repeat';
}

function assertStyle(place: Place, style: string): void {
  const given = member(place, 'style');
  if (given && given.value !== style) throw new DocumentProblem(given.pointer, `only the style \`${style}\` is supported here`);
  const reserved = member(place, 'allowReserved');
  if (reserved?.value === true) throw new DocumentProblem(reserved.pointer, 'everything reserved is encoded');
}

function assertPlain(place: Place, { type }: JsonObject): void {
  const isPlain = typeof type === 'string' && ['string', 'number', 'integer', 'boolean'].includes(type);
  if (!isPlain) throw new DocumentProblem(`${place.pointer}/schema`, 'only one text, number, or yes or no is supported here');
}
