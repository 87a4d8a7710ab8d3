import { follow, member, members, type Place } from './place.ts';
import { nameOf, type Field } from './parameter.ts';
import { DocumentProblem } from './problem.ts';
import { deriveSchema, shapeOf, type SchemaUse } from './schema.ts';

const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json(?:\s*;.*)?$/i;

/** The JSON schema of a request's or response's content. Undefined: there is no content at all. */
export function jsonContent(use: SchemaUse, place: Place): Place | undefined {
  const content = member(place, 'content');
  const types = content ? members(content) : [];
  if (types.length === 0) return undefined;
  const json = types.find(({ name }) => JSON_TYPE.test(name));
  const schema = json && member(json, 'schema');
  if (schema) return follow(use, schema);
  throw new DocumentProblem(content?.pointer ?? place.pointer, 'only JSON with a schema is supported');
}

/** The properties of a JSON body, each a parameter of the capability. */
export function readBody(use: SchemaUse, operation: Place, wanted: (name: string) => boolean): Field[] {
  const given = member(operation, 'requestBody');
  if (!given) return [];
  const body = follow(use, given);
  const schema = jsonContent(use, body);
  if (!schema) return [];
  const { properties, required } = shapeOf(use, schema);
  if (properties.size === 0) throw new DocumentProblem(schema.pointer, 'only a body with named properties is supported');
  const isNeeded = member(body, 'required')?.value === true;
  return [...properties].flatMap(([as, property]): Field[] => {
    if (member(follow(use, property), 'readOnly')?.value === true) return [];
    const isRequired = isNeeded && required.has(as);
    const name = nameOf(as, property.pointer);
    if (!wanted(name)) return [skipped(as, name, property, isRequired)];
    return [{ field: { name, in: 'body', as }, schema: deriveSchema(use, property), isRequired, pointer: property.pointer }];
  });
}

/** Not read at all: what is left out may be of any form. */
function skipped(as: string, name: string, { pointer }: Place, isRequired: boolean): Field {
  return { field: { name, in: 'body', as }, schema: {}, isRequired, pointer };
}
