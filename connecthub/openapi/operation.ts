import { isObject, follow, items, member, members, textAt, type Place, type Reading } from './place.ts';
import { DocumentProblem } from './problem.ts';
import type { StoredCapability } from './stored.ts';

/** An operation of the document, with what its path says for all of them. */
export interface Operation {
  place: Place;
  verb: StoredCapability['verb'];
  path: string;
  /** @throws DocumentProblem */
  parameters: () => Place[];
}

const VERBS = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const;
/** Parts of a path: letters that need no encoding, and `{name}`. No `.` or `..` alone: they would lead elsewhere. */
const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|\{[^{}/?#]+\})*)+$/;
const MAX_PATHS = 5_000;
const MAX_PATH = 500;

/** Every operation that has an id, by it. */
export function operationsOf(reading: Reading): Map<string, Operation[]> {
  const paths = member({ value: reading.document, pointer: '' }, 'paths');
  if (!paths || !isObject(paths.value)) throw new DocumentProblem('/paths', 'there are no paths');
  const all = members(paths);
  if (all.length > MAX_PATHS) throw new DocumentProblem('/paths', `more than ${MAX_PATHS} paths`);
  const found = new Map<string, Operation[]>();
  for (const path of all) {
    const item = followed(reading, path);
    for (const [method, verb] of Object.entries(VERBS)) {
      const place = member(item, method);
      const id = place && textAt(place, 'operationId');
      if (place && id !== undefined) {
        const operation = { place, verb, path: path.name, parameters: () => parametersOf(reading, item, place) };
        found.set(id, [...(found.get(id) ?? []), operation]);
      }
    }
  }
  return found;
}

/** What nobody chooses may be as wrong as it likes. */
function followed(reading: Reading, path: Place): Place {
  try {
    return follow(reading, path);
  } catch (error) {
    if (error instanceof DocumentProblem) return { value: null, pointer: path.pointer };
    throw error;
  }
}

/**
 * The one operation of that id.
 *
 * @throws DocumentProblem where there is none, or more than one, or it lives elsewhere than the rest
 */
export function findOperation(operations: Map<string, Operation[]>, id: string): Operation {
  const [operation, twin] = operations.get(id) ?? [];
  if (!operation) throw new DocumentProblem('/paths', `there is no operation \`${id}\``);
  if (twin) throw new DocumentProblem(`${twin.place.pointer}/operationId`, `a second operation \`${id}\``);
  if (operation.path.length > MAX_PATH || !PATH.test(operation.path))
    throw new DocumentProblem(operation.place.pointer, 'a path that cannot be used');
  const servers = member(operation.place, 'servers');
  if (servers) throw new DocumentProblem(servers.pointer, 'a server of its own: all requests go to one');
  return operation;
}

/** The operation's own come before those of its path (name and place together tell them apart). */
function parametersOf(reading: Reading, item: Place, operation: Place): Place[] {
  const read = (place: Place): Place[] => {
    const given = member(place, 'parameters');
    return given ? items(given).map((one) => follow(reading, one)) : [];
  };
  const keyOf = (place: Place) => `${textAt(place, 'in')} ${textAt(place, 'name')}`;
  const own = read(operation);
  const known = new Set(own.map(keyOf));
  return [...own, ...read(item).filter((place) => !known.has(keyOf(place)))];
}
