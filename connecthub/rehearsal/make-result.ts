import type { Json, JsonObject } from '../../contracts/json.ts';
import { disguise, inventText } from './invented.ts';

export interface ResultOf {
  /** JSON Schema of the result. */
  schema: JsonObject;
  /** What the call asks for: a member of the same name and type is taken over. */
  parameters: JsonObject;
  /** Result of an earlier call of the same capability; undefined = there is none. */
  earlier: Json | undefined;
  /** How a text of this name looks at the provider, where its capabilities say so. */
  looksOf: (name: string) => JsonObject | undefined;
  /** The same for a repeated call. */
  seed: string;
  /** ISO instant. */
  now: string;
}

/** Deeper ones end in null: results are shallow. */
const MAX_DEPTH = 12;

/** The result that a write might have had: of the call's own words, in the form of an earlier result or of the schema. */
export function makeResult(work: ResultOf): Json {
  return make(work, work.schema, { name: '', path: '', depth: 0, asked: work.parameters, before: work.earlier });
}

interface At {
  /** Of the member. */
  name: string;
  path: string;
  depth: number;
  /** What the parameters have there, and the earlier result. */
  asked: Json | undefined;
  before: Json | undefined;
}

function make(work: ResultOf, declared: Json | undefined, at: At): Json {
  const schema = resolve(work.schema, declared);
  if (at.depth > MAX_DEPTH || !schema) return null;
  const type = typeOf(schema, at);
  if (type === 'object') return makeObject(work, schema, at);
  if (type === 'array') return makeArray(work, schema, at);
  if (at.asked !== undefined && at.depth > 0 && isOf(type, at.asked)) return at.asked;
  const fixed = schema['const'] ?? (Array.isArray(schema['enum']) ? schema['enum'][0] : undefined);
  if (at.before !== undefined && isOf(type, at.before)) return kept(work, schema, at, at.before);
  if (fixed !== undefined) return fixed;
  switch (type) {
    case 'string':
      return inventText({ ...work.looksOf(at.name), ...schema }, `${work.seed}|${at.path}`, work.now);
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 0;
    case 'boolean':
      return false;
    default:
      return null;
  }
}

/** What an earlier result says of its own effect is that effect's: ids are disguised, so that nobody takes it for this one. */
function kept({ seed }: ResultOf, schema: JsonObject, { name }: At, before: Json): Json {
  if (typeof before !== 'string' || schema['enum'] !== undefined || schema['const'] !== undefined) return before;
  return isId(name) ? disguise(before, seed) : before;
}

/** `id`, `invoice_id`, `ts`, `number`, `url` ...: names of what names one thing. */
function isId(name: string): boolean {
  return /(^|_)(id|ids|ts|number|key|url|link|permalink|etag|token)$/.test(name);
}

function makeObject(work: ResultOf, schema: JsonObject, at: At): Json {
  const properties = asObject(schema['properties']) ?? {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const asked = asObject(at.asked);
  const before = asObject(at.before);
  const members = Object.entries(properties).flatMap(([name, declared]): [string, Json][] => {
    const here = { name, path: `${at.path}/${name}`, depth: at.depth + 1, asked: own(asked, name), before: own(before, name) };
    // An optional member of which nobody says anything stays away.
    const isWanted = required.includes(name) || here.asked !== undefined || here.before !== undefined;
    return isWanted ? [[name, make(work, declared, here)]] : [];
  });
  return Object.fromEntries(members);
}

function makeArray(work: ResultOf, schema: JsonObject, at: At): Json {
  const asked = Array.isArray(at.asked) ? at.asked : undefined;
  const before = Array.isArray(at.before) ? at.before : undefined;
  const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 0;
  const length = Math.max(asked?.length ?? before?.length ?? 0, least);
  return Array.from({ length }, (_, index) =>
    make(work, schema['items'], {
      name: at.name,
      path: `${at.path}/${index}`,
      depth: at.depth + 1,
      asked: asked?.[index],
      before: before?.[Math.min(index, before.length - 1)],
    }),
  );
}

/** The first type that what is known fits; else the first that is declared. Null where null is allowed and nothing is known. */
function typeOf(schema: JsonObject, { asked, before }: At): string {
  const said = schema['type'];
  const declared = Array.isArray(said) ? said.filter((type) => typeof type === 'string') : [];
  if (declared.length === 0) return typeof said === 'string' ? said : guessed(schema);
  const known = asked !== undefined && declared.some((type) => isOf(type, asked)) ? asked : before;
  if (known !== undefined) return declared.find((type) => isOf(type, known)) ?? declared[0]!;
  return declared.includes('null') ? 'null' : declared[0]!;
}

function guessed(schema: JsonObject): string {
  if (schema['properties'] !== undefined) return 'object';
  if (schema['items'] !== undefined) return 'array';
  return 'any';
}

function isOf(type: string, value: Json): boolean {
  switch (type) {
    case 'object':
      return asObject(value) !== undefined;
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'any':
      return true;
    default:
      return typeof value === type;
  }
}

/** Follows a reference within the schema; of several alternatives the first is taken. */
function resolve(root: JsonObject, declared: Json | undefined): JsonObject | undefined {
  let schema = asObject(declared);
  for (let hops = 0; schema && hops < 10; hops += 1) {
    const reference: Json | undefined = schema['$ref'];
    const alternatives: Json | undefined = schema['anyOf'] ?? schema['oneOf'];
    if (typeof reference === 'string') schema = asObject(pointed(root, reference));
    else if (Array.isArray(alternatives) && schema['type'] === undefined) schema = asObject(alternatives[0]);
    else return schema;
  }
  return undefined;
}

function pointed(root: JsonObject, reference: string): Json | undefined {
  if (!reference.startsWith('#/')) return undefined;
  let at: Json | undefined = root;
  for (const part of reference.slice(2).split('/')) at = own(asObject(at), part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return at;
}

function own(object: JsonObject | undefined, name: string): Json | undefined {
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}

function asObject(value: Json | undefined): JsonObject | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
}
