import type { Json, JsonObject } from '../../contracts/json.ts';
import { DocumentProblem, pointerPart } from './problem.ts';

/** A value of a document, and where it stands. */
export interface Place {
  readonly value: Json;
  readonly pointer: string;
}

/** What may be done with the document while a part of it is read. */
export interface Reading {
  readonly document: JsonObject;
  /** `3.0` writes schemas in a dialect of its own; later ones in JSON Schema 2020-12. */
  readonly dialect: '3.0' | '3.1';
}

const MAX_HOPS = 32;
/** Names that mean something to JavaScript objects themselves. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that stands in the document itself: nothing that every object has by its nature. */
export function member(place: Place, name: string | number): Place | undefined {
  const { value, pointer } = place;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  const found = Reflect.get(value, name) as Json;
  return { value: found, pointer: `${pointer}${pointerPart(String(name))}` };
}

export function members(place: Place): (Place & { name: string })[] {
  if (!isObject(place.value)) throw new DocumentProblem(place.pointer, 'expected an object');
  return Object.entries(place.value).map(([name, value]) => {
    const pointer = `${place.pointer}${pointerPart(name)}`;
    if (FORBIDDEN.has(name)) throw new DocumentProblem(pointer, 'a name that cannot be used');
    return { name, value, pointer };
  });
}

export function items(place: Place): Place[] {
  if (!Array.isArray(place.value)) throw new DocumentProblem(place.pointer, 'expected a list');
  return place.value.map((value, index) => ({ value, pointer: `${place.pointer}/${index}` }));
}

export function textAt(place: Place, name: string): string | undefined {
  const found = member(place, name)?.value;
  return typeof found === 'string' ? found : undefined;
}

/** What a `$ref` leads to, within this document. Nothing is ever fetched. */
export function follow(reading: Reading, place: Place): Place {
  let at = place;
  for (let hops = 0; hops < MAX_HOPS; hops += 1) {
    const reference = textAt(at, '$ref');
    if (reference === undefined) return at;
    at = lookUp(reading, reference, `${at.pointer}/$ref`);
  }
  throw new DocumentProblem(place.pointer, 'a reference that leads nowhere');
}

function lookUp({ document }: Reading, reference: string, from: string): Place {
  if (!reference.startsWith('#')) throw new DocumentProblem(from, 'a reference to another document: only `#/...` is followed');
  let at: Place = { value: document, pointer: '' };
  for (const part of partsOf(reference, from)) {
    const next = FORBIDDEN.has(part) ? undefined : member(at, part);
    if (!next) throw new DocumentProblem(from, 'a reference to what is not there');
    at = next;
  }
  return at;
}

function partsOf(reference: string, from: string): string[] {
  if (reference === '#') return [];
  if (!reference.startsWith('#/')) throw new DocumentProblem(from, 'a reference by a name: only `#/...` is followed');
  try {
    return decodeURIComponent(reference.slice(2))
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  } catch {
    throw new DocumentProblem(from, 'a reference that cannot be read');
  }
}
