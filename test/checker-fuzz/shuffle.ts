import type { Json } from '../../contracts/json.ts';
import { oneOf, type Pick } from './pick.ts';

const VALUES: readonly [Json, ...Json[]] = [
  null,
  '',
  '=',
  '==',
  '=input',
  '=nodes.n0.x.y',
  '$',
  'otherwise',
  0,
  1,
  -1,
  1_000,
  true,
  false,
  [],
  {},
  ['a'],
  { a: 1 },
  'n0',
  's0',
  'sg_g0_v1',
  'constructor',
  '=1/0',
  '=$error("no")',
];

type Place = { holder: { [key: string]: Json } | Json[]; key: string };

/** Changes a value in one or more places at random: sets, removes, doubles, or puts there what stands elsewhere. */
export function shuffle(value: Json, pick: Pick): Json {
  const changed = structuredClone(value);
  for (let count = pick.number(1, 3); count > 0; count -= 1) change(changed, pick);
  return changed;
}

function change(value: Json, pick: Pick): void {
  const places = placesIn(value);
  const [place, other] = [oneOf(pick, places), oneOf(pick, places)];
  if (!place || !other) return;
  const { holder, key } = place;
  switch (pick.of(['set', 'copy', 'remove', 'double'])) {
    case 'set':
      return put(place, pick.of(VALUES));
    case 'copy':
      return put(place, structuredClone(at(other)));
    case 'remove':
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return;
    case 'double':
      if (Array.isArray(holder)) holder.splice(Number(key), 0, structuredClone(at(place)));
      return;
  }
}

function placesIn(value: Json): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value;
  return Object.entries(holder).flatMap(([key, inner]) => [{ holder, key }, ...placesIn(inner)]);
}

function at({ holder, key }: Place): Json {
  return (Array.isArray(holder) ? holder[Number(key)] : holder[key]) ?? null;
}

function put({ holder, key }: Place, value: Json): void {
  if (Array.isArray(holder)) holder[Number(key)] = value;
  else holder[key] = value;
}
