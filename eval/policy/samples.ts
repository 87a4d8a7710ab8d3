import type { Capability } from '../../contracts/capability.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { PolicyRule } from '../../contracts/policy.ts';
import type { Condition } from './condition.ts';

/** Parameters of calls for which a condition holds, and of those for which it does not. */
export interface Samples {
  holding: JsonObject[];
  failing: JsonObject[];
}

const NOBODY = 'nobody@elsewhere.example';

/** Calls at and around a condition's border; undefined where a call does not show what it speaks of. */
export function samplesOf(condition: Condition, capability: Capability): Samples | undefined {
  const base = plainParameters(capability);
  const has = (name: string): boolean => Object.hasOwn(propertiesOf(capability), name);
  switch (condition.kind) {
    case 'amount': {
      const { threshold, holds } = condition;
      const around = [threshold - 1, threshold - 0.01, threshold, threshold + 0.01, threshold + 1, threshold * 3].filter(
        (one) => one > 0,
      );
      if (!has('amount') && !has('lines')) return undefined;
      return split(around.flatMap((amount) => withAmount(base, amount, has('lines')).map((sample) => [sample, holds(amount)])));
    }
    case 'recipient': {
      if (!has('to') && !has('send_to')) return undefined;
      return split(withRecipients(base, condition, { name: has('to') ? 'to' : 'send_to', hasCopies: has('cc') }));
    }
    case 'channel':
      return has('channel')
        ? split(among(condition, '#elsewhere').map(([name, holds]) => [{ ...base, channel: name }, holds]))
        : undefined;
    case 'person':
      return has('user')
        ? split(among(condition, '@somebody').map(([name, holds]) => [{ ...base, user: name }, holds]))
        : undefined;
    case 'text': {
      const name = ['text', 'body'].find(has);
      if (name === undefined) return undefined;
      return { holding: [{ ...base, [name]: condition.containing }], failing: [{ ...base, [name]: 'A plain sentence.' }] };
    }
    case 'hidden':
      return undefined;
  }
}

/**
 * Calls that a policy may tell apart: plain ones, and for each text and number that its rules speak of, in each place that
 * takes one.
 */
export function samplesOfRules(rules: readonly PolicyRule[], capability: Capability): JsonObject[] {
  const base = plainParameters(capability);
  const conditions = rules.flatMap(({ when }) => when ?? []).join('\n');
  const texts = [...conditions.matchAll(/(?<=")[^"\n]{1,200}(?=")/g)].map(([text]) => text);
  const numbers = [...conditions.matchAll(/(?<![\w."])\d+(?:\.\d+)?/g)].map(([number]) => Number(number));
  const samples: JsonObject[] = [base];
  for (const [name, type] of Object.entries(propertiesOf(capability))) {
    if (type === 'string') for (const text of texts) samples.push({ ...base, [name]: text });
    if (type === 'number')
      for (const one of numbers) samples.push(...[one - 1, one, one + 1].map((value) => ({ ...base, [name]: value })));
  }
  if (Object.hasOwn(propertiesOf(capability), 'lines')) for (const one of numbers) samples.push(...withAmount(base, one, true));
  return samples;
}

function split(pairs: readonly (readonly [JsonObject, boolean])[]): Samples {
  const of = (wanted: boolean): JsonObject[] => pairs.filter(([, holds]) => holds === wanted).map(([sample]) => sample);
  return { holding: of(true), failing: of(false) };
}

function withAmount(base: JsonObject, amount: number, inLines: boolean): [JsonObject] | [JsonObject, JsonObject] {
  if (!inLines) return [{ ...base, amount }];
  const line = (part: number): JsonObject => ({ description: 'Work', amount: part });
  return [
    { ...base, lines: [line(amount)] },
    { ...base, lines: [line(amount / 4), line((amount * 3) / 4)] },
  ];
}

function withRecipients(
  base: JsonObject,
  { at, isInside }: Extract<Condition, { kind: 'recipient' }>,
  { name, hasCopies }: { name: string; hasCopies: boolean },
): [JsonObject, boolean][] {
  const own = at.includes('@') ? at : `ada@${at}`;
  const pairs: [JsonObject, boolean][] = [
    [{ ...base, [name]: own }, isInside],
    [{ ...base, [name]: NOBODY }, !isInside],
    [{ ...base, [name]: `ada@not${at.replace(/^.*@/, '')}` }, !isInside],
  ];
  if (hasCopies && !isInside) pairs.push([{ ...base, [name]: own, cc: [NOBODY] }, true]);
  return pairs;
}

function among({ names, isAmong }: { names: string[]; isAmong: boolean }, other: string): [string, boolean][] {
  return [...names.map((name): [string, boolean] => [name, isAmong]), [other, !isAmong]];
}

/** Something in each parameter that must be there. */
function plainParameters(capability: Capability): JsonObject {
  const required = (capability.input_schema['required'] ?? []) as string[];
  const types = propertiesOf(capability);
  return Object.fromEntries(required.map((name): [string, Json] => [name, plainValue(name, types[name])]));
}

function plainValue(name: string, type: string | undefined): Json {
  if (name === 'lines') return [{ description: 'Work', amount: 10 }];
  if (name === 'channel') return '#elsewhere';
  if (name === 'user') return '@somebody';
  if (name === 'to') return NOBODY;
  if (name === 'currency') return 'EUR';
  return type === 'number' || type === 'integer' ? 10 : type === 'array' ? [] : type === 'boolean' ? false : 'some text';
}

function propertiesOf({ input_schema: schema }: Capability): { [name: string]: string | undefined } {
  const properties = (schema['properties'] ?? {}) as { [name: string]: JsonObject };
  return Object.fromEntries(
    Object.entries(properties).map(([name, one]) => [name, typeof one['type'] === 'string' ? one['type'] : undefined]),
  );
}
