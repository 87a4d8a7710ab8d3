import type { JsonObject } from '../../contracts/json.ts';
import { jsonContent, readBody } from './body.ts';
import { findOperation, type Operation } from './operation.ts';
import { nameOf, readParameter, type Field } from './parameter.ts';
import { follow, isObject, items, member, members, textAt, type Place, type Reading } from './place.ts';
import { DocumentProblem } from './problem.ts';
import { deriveSchema, plainText, type SchemaUse } from './schema.ts';
import type { StoredAuth, StoredCapability } from './stored.ts';

/** A capability as its organisation wants it. */
export interface WantedCapability {
  operation_id: string;
  capability: string;
  title?: string | undefined;
  permission: string;
  risk: StoredCapability['risk'];
  idempotency?: { kind: 'native'; header: string; window_ms: number } | { kind: 'none' } | undefined;
  /** Those that may be given; all where absent. */
  parameters?: string[] | undefined;
  /** Properties of the answer that are kept; all where absent. */
  result?: string[] | undefined;
  effect_id?: string | undefined;
  timeout_ms?: number | undefined;
}

export interface DerivedCapability {
  stored: Omit<StoredCapability, 'version' | 'deprecated_since'>;
  /** The document calls the operation so. */
  isDeprecated: boolean;
  /** What of the answer is left out, and why. */
  leftOut: { pointer: string; reason: string }[];
}

const MAX_PARTS = 600;
const MAX_SCHEMA_BYTES = 32 * 1024;
const TIMEOUT_MS = 15_000;
const MAX_LEFT_OUT = 50;

/**
 * One operation as a capability: its parameters as one flat object, its answer cut to what the document declares.
 *
 * @throws DocumentProblem at what cannot be said, or not be checked
 */
export function deriveCapability(
  reading: Reading & { operations: Map<string, Operation[]>; auth: StoredAuth },
  wanted: WantedCapability,
): DerivedCapability {
  const operation = findOperation(reading.operations, wanted.operation_id);
  const leftOut: DerivedCapability['leftOut'] = [];
  const leaveOut = ({ pointer, message }: DocumentProblem): void => {
    if (leftOut.length < MAX_LEFT_OUT) leftOut.push({ pointer, reason: message });
  };
  const use: SchemaUse = { ...reading, direction: 'input', leaveOut, budget: MAX_PARTS };
  const fields = fieldsOf(use, operation, wanted, reading.auth);
  const answer = answerOf({ ...use, direction: 'output', budget: MAX_PARTS }, operation, wanted);
  const { place, verb, path } = operation;
  assertPathIsFilled(operation, fields);
  const summary = plainText(textAt(place, 'summary') ?? '', 80);
  const stored = {
    operation_id: wanted.operation_id,
    capability: wanted.capability,
    title: wanted.title ?? (summary === '' ? wanted.operation_id : summary),
    description: plainText(textAt(place, 'description') ?? textAt(place, 'summary') ?? wanted.operation_id, 400),
    permission: wanted.permission,
    risk: wanted.risk,
    scopes: reading.auth.type === 'oauth2' ? scopesOf(reading, operation) : [],
    verb,
    path,
    fields: fields.map(({ field }) => field),
    input_schema: bounded(place, toSchema(fields)),
    output_schema: bounded(place, answer ?? { type: 'object', properties: {}, additionalProperties: false }),
    has_answer: answer !== undefined,
    ...(wanted.idempotency?.kind === 'native' && {
      idempotency: { header: wanted.idempotency.header, window_ms: wanted.idempotency.window_ms },
    }),
    ...effectIdOf(wanted, answer),
    timeout_ms: wanted.timeout_ms ?? TIMEOUT_MS,
  };
  return { stored, isDeprecated: member(place, 'deprecated')?.value === true, leftOut };
}

function fieldsOf(use: SchemaUse, operation: Operation, wanted: WantedCapability, auth: StoredAuth): Field[] {
  const isWanted = (name: string): boolean => wanted.parameters?.includes(name) ?? true;
  const ours = new Set([
    ...(wanted.idempotency?.kind === 'native' ? [wanted.idempotency.header.toLowerCase()] : []),
    ...(auth.type === 'api_key' ? [auth.name.toLowerCase()] : []),
  ]);
  const all = [
    ...operation.parameters().flatMap((place) => {
      const as = textAt(place, 'name') ?? '';
      if (ours.has(as.toLowerCase()) && textAt(place, 'in') !== 'path') return [];
      if (isOptional(place) && !isWanted(nameOf(as, place.pointer))) return [];
      return [readParameter(use, place) ?? []].flat();
    }),
    ...readBody(use, operation.place, isWanted),
  ];
  const kept = all.filter(({ field, isRequired, pointer }) => {
    if (field.in === 'path' || isWanted(field.name)) return true;
    if (isRequired) throw new DocumentProblem(pointer, `\`${field.name}\` is required, and not among the chosen parameters`);
    return false;
  });
  assertDistinct(kept);
  for (const name of wanted.parameters ?? []) {
    if (!all.some(({ field }) => field.name === name))
      throw new DocumentProblem(operation.place.pointer, `there is no parameter \`${name}\``);
  }
  return kept;
}

function isOptional(place: Place): boolean {
  return textAt(place, 'in') !== 'path' && member(place, 'required')?.value !== true;
}

function assertDistinct(fields: readonly Field[]): void {
  const seen = new Set<string>();
  for (const { field, pointer } of fields) {
    if (seen.has(field.name)) throw new DocumentProblem(pointer, `a second parameter \`${field.name}\``);
    seen.add(field.name);
  }
}

/** Every `{name}` of the path has its parameter, and the other way round. */
function assertPathIsFilled({ path, place }: Operation, fields: readonly Field[]): void {
  const named = new Set([...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name));
  const given = new Set(fields.flatMap(({ field }) => (field.in === 'path' ? [field.as] : [])));
  for (const name of [...named, ...given]) {
    if (name === undefined || !named.has(name) || !given.has(name)) {
      throw new DocumentProblem(place.pointer, `\`${name}\` does not stand both in the path and among its parameters`);
    }
  }
}

function toSchema(fields: readonly Field[]): JsonObject {
  const required = fields.flatMap(({ field, isRequired }) => (isRequired ? [field.name] : []));
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(({ field, schema }) => [field.name, schema])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/** Of the answer that says that it was done. Undefined: it has no body. */
function answerOf(use: SchemaUse, { place }: Operation, wanted: WantedCapability): JsonObject | undefined {
  const responses = member(place, 'responses');
  const good = (responses ? members(responses) : []).filter(({ name }) => /^2(?:\d\d|XX)$/.test(name));
  if (good.length === 0) throw new DocumentProblem(place.pointer, 'no answer that says that it was done (2xx)');
  const schema = good.map((one) => jsonContent(use, follow(use, one))).find((one) => one !== undefined);
  if (!schema) return undefined;
  const derived = deriveSchema(use, wanted.result ? chosen(use, schema, wanted.result) : schema);
  if (isObject(derived['properties']) && Object.keys(derived['properties']).length === 0) {
    throw new DocumentProblem(schema.pointer, 'nothing of the answer can be described');
  }
  return derived;
}

/** Only these properties: the others are not even looked at. */
function chosen(use: SchemaUse, schema: Place, names: readonly string[]): Place {
  const properties = member(schema, 'properties');
  const kept = names.map((name) => {
    const found = properties && member(properties, name);
    if (!found) throw new DocumentProblem(schema.pointer, `the answer has no property \`${name}\``);
    use.budget -= 1;
    return [name, found.value] as const;
  });
  return { value: { type: 'object', properties: Object.fromEntries(kept) }, pointer: schema.pointer };
}

function effectIdOf({ effect_id: wanted }: WantedCapability, answer: JsonObject | undefined): { effect_id?: string } {
  const properties = isObject(answer?.['properties']) ? answer['properties'] : {};
  const name = wanted ?? 'id';
  if (Object.hasOwn(properties, name)) return { effect_id: name };
  if (wanted === undefined) return {};
  throw new DocumentProblem('', `the answer has no property \`${wanted}\` that could be the effect's id`);
}

/** Scopes of the first way of authorising that is OAuth's. */
function scopesOf(reading: Reading, { place }: Operation): string[] {
  const root = { value: reading.document, pointer: '' };
  const security = member(place, 'security') ?? member(root, 'security');
  for (const requirement of security ? items(security) : []) {
    for (const scheme of members(requirement)) {
      const described = schemeOf(reading, scheme.name);
      if (!described || textAt(described, 'type') !== 'oauth2') continue;
      return items(scheme).flatMap(({ value }) =>
        typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value) ? [value] : [],
      );
    }
  }
  return [];
}

function schemeOf(reading: Reading, name: string): Place | undefined {
  const components = member({ value: reading.document, pointer: '' }, 'components');
  const schemes = components && member(components, 'securitySchemes');
  const scheme = schemes && member(schemes, name);
  return scheme && follow(reading, scheme);
}

function bounded(place: Place, schema: JsonObject): JsonObject {
  if (Buffer.byteLength(JSON.stringify(schema)) <= MAX_SCHEMA_BYTES) return schema;
  throw new DocumentProblem(
    place.pointer,
    `a schema of more than ${MAX_SCHEMA_BYTES / 1024} KB: choose some of its \`parameters\` or of its \`result\``,
  );
}
