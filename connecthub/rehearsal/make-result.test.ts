import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { isEffect } from '../providers/definition.ts';
import { createRegistry } from '../providers/registry.ts';
import { disguise, inventText } from './invented.ts';
import { makeResult } from './make-result.ts';

const CLIENT = { clientId: 'id', clientSecret: 'secret' };
const registry = createRegistry({
  calendar: CLIENT,
  github: CLIENT,
  gmail: CLIENT,
  quickbooks: CLIENT,
  slack: CLIENT,
  stripe: CLIENT,
});
const effects = registry.providers
  .flatMap((provider) => registry.capabilitiesOf(provider))
  .filter(({ definition }) => isEffect(definition))
  .map((capability) => [capability.qualified, capability] as const);

const NOW = '2026-01-05T09:00:00.000Z';
const work = { parameters: {}, earlier: undefined, looksOf: () => undefined, seed: 'call', now: NOW };
const make = (schema: JsonObject, more: Partial<Parameters<typeof makeResult>[0]> = {}): Json =>
  makeResult({ ...work, schema, ...more });

describe('an answer that is made up', () => {
  it.each(effects)('of %s is one that its schema accepts, with and without an earlier one', (_name, { definition, output }) => {
    const asked = make(definition.inputSchema);
    const parameters = asked !== null && typeof asked === 'object' && !Array.isArray(asked) ? asked : {};
    const made = make(definition.outputSchema, { parameters });
    expect(output.errorsOf(structuredClone(made))).toEqual([]);
    const next = make(definition.outputSchema, { parameters, earlier: made, seed: 'another' });
    expect(output.errorsOf(structuredClone(next))).toEqual([]);
    expect(make(definition.outputSchema, { parameters })).toEqual(made);
  });

  it('takes over what the call says, keeps what an earlier one was like, and names nothing that exists', () => {
    const text = { type: 'string' };
    const schema: JsonObject = {
      type: 'object',
      properties: {
        id: text,
        to: text,
        state: { type: 'string', enum: ['open', 'paid'] },
        total: { type: 'number' },
        note: text,
        at: { type: 'string', format: 'date-time' },
      },
      required: ['id', 'to', 'state', 'total', 'at'],
    };
    const earlier = { id: '1042', to: 'old@example.com', state: 'paid', total: 12.5, at: '2020-01-01T00:00:00Z' };
    const made = make(schema, { parameters: { to: 'new@example.com' }, earlier });
    expect(made).toEqual({ ...earlier, to: 'new@example.com', id: expect.stringMatching(/^\d0\d\d$/) });
    expect(made).not.toMatchObject({ id: '1042' });
    expect(make(schema, { parameters: { to: 7 } })).toMatchObject({
      to: expect.stringMatching(/^rehearsal-/),
      state: 'open',
      total: 0,
      at: NOW,
    });
  });

  it('has the items that were asked for, and null where null will do', () => {
    const item = {
      type: 'object',
      properties: { amount: { type: 'number' }, line_id: { type: 'string' } },
      required: ['amount', 'line_id'],
    };
    const schema: JsonObject = {
      type: 'object',
      properties: { lines: { type: 'array', items: item }, memo: { type: ['string', 'null'] } },
      required: ['lines', 'memo'],
    };
    const made = make(schema, { parameters: { lines: [{ amount: 3 }, { amount: 4 }] } });
    expect(made).toMatchObject({ lines: [{ amount: 3 }, { amount: 4 }], memo: null });
  });

  it('ends where a schema goes round in a circle', () => {
    const schema: JsonObject = {
      $ref: '#/$defs/a',
      $defs: { a: { type: 'object', properties: { a: { $ref: '#/$defs/a' } }, required: ['a'] } },
    };
    expect(JSON.stringify(make(schema))).toMatch(/^\{"a":.*null/);
    expect(make({ $ref: '#/$defs/b', $defs: { b: { $ref: '#/$defs/b' } } })).toBeNull();
  });
});

it('a made-up text has the form that is wanted, where it is a usual one', () => {
  for (const pattern of [
    '^\\d{1,12}\\.\\d{6}$',
    '^[0-9]{1,20}$',
    '^[A-Z]{3}$',
    '^(?:in|inv)_[A-Za-z0-9_]+$',
    '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$',
  ]) {
    expect(inventText({ type: 'string', pattern }, 'seed', NOW)).toMatch(new RegExp(pattern));
  }
  expect(disguise('in_1AbC-09', 'x')).toMatch(/^[a-z]{2}_[1-9][A-Z][a-z][A-Z]-0[1-9]$/);
});
