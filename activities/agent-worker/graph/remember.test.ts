import { afterAll, describe, expect, test } from 'vitest';
import type { Json } from '../../../contracts/json.ts';
import type { MemoryWindow } from '../../../contracts/memory.ts';
import type { BurstInput, BurstResult } from '../../../contracts/burst.ts';
import { createExpressions } from '../../../platform/expressions/expressions.ts';
import { call, skillGraph } from '../../../test/engine/plans.ts';
import { runBurst } from './burst.ts';

const expressions = createExpressions({ threads: 1, timeLimitMs: 5_000 });
afterAll(() => expressions.close());

const nodes = [{ id: 'found', kind: 'transform', expression: 'input.found' }];
const input = { found: { type: 'array', description: '', default: [] } };

function burst(graph: BurstInput['graph'], more: Partial<BurstInput> = {}): Promise<BurstResult> {
  const trigger = { type: 'direct_command' as const, payload: {}, source: 'test' };
  const thread = { skill_run: 'skill-run', items: [] };
  return runBurst(
    { thread, graph, graphs: {}, input: {}, trigger, now: '2026-11-23T10:00:00.000Z', count: 0, ...more },
    { expressions },
  );
}
function endOf(remember: Json[], found: Json[] = []) {
  return burst(skillGraph('end', nodes, { input, remember, output: { count: '=$count(nodes.found)' } }), { input: { found } });
}

describe('what a skill asks to be remembered', () => {
  test('is computed over its end, one entry a declaration', async () => {
    const result = await endOf(
      [{ scope: 'skill', kind: 'state', key: 'last_count', value: { n: '=output.count' }, expires_in_days: 30, confidence: 1 }],
      [1, 2],
    );
    expect(result).toMatchObject({
      kind: 'done',
      remembered: [
        { path: '', scope: 'skill', kind: 'state', key: 'last_count', value: { n: 2 }, expires_in_days: 30, confidence: 1 },
      ],
    });
  });

  test('is one entry an item of a list, where the condition holds', async () => {
    const each = {
      scope: 'organisation',
      kind: 'fact',
      for_each: 'nodes.found',
      when: 'item.late',
      key: '="customer." & item.name',
      value: '=item.terms',
    };
    const found = [
      { name: 'acme', terms: '30 days', late: true },
      { name: 'bolt', terms: '10 days', late: false },
      { name: 'cord', late: true },
    ];
    expect((await endOf([each], found)).remembered).toEqual([
      { path: '', scope: 'organisation', kind: 'fact', key: 'customer.acme', value: '30 days', confidence: 0.7 },
    ]);
  });

  test('never takes a whole answer of a tool, nor a key that is none, and fails nothing for it', async () => {
    const result = await endOf(
      [
        { scope: 'employee', kind: 'fact', key: 'all', value: '=nodes.found' },
        { scope: 'employee', kind: 'fact', key: '="line\\nbreak"', value: 1 },
        { scope: 'employee', kind: 'fact', key: 'wrong', value: '=$sum("x")' },
        { scope: 'employee', kind: 'fact', key: 'right', value: true },
      ],
      ['x'.repeat(5_000)],
    );
    expect(result).toMatchObject({ kind: 'done', output: { count: 1 } });
    expect(result.remembered).toMatchObject([
      { key: 'all', refused: 'too_large' },
      { refused: 'invalid_key' },
      { key: 'wrong', refused: 'expression_failed' },
      { key: 'right', value: true },
    ]);
  });

  test('is bounded in number', async () => {
    const each = { scope: 'skill', kind: 'event', for_each: 'nodes.found', key: '=$string(item)', value: true };
    const { remembered = [] } = await endOf(
      [each],
      Array.from({ length: 80 }, (_, index) => index),
    );
    expect(remembered).toHaveLength(51);
    expect(remembered.at(-1)).toMatchObject({ refused: 'too_many' });
  });

  test('is asked by a nested graph in the burst in which that ends', async () => {
    const inner = skillGraph('inner', [{ id: 'x', kind: 'transform', expression: '7' }], {
      remember: [{ scope: 'employee', kind: 'fact', key: 'seven', value: '=nodes.x' }],
    });
    const outer = skillGraph(
      'outer',
      [{ id: 'nest', kind: 'graph', graph: 'sg_inner_v1', input: {} }, call('post', 'slack/slack.post')],
      { edges: [{ from: 'nest', to: 'post' }] },
    );
    const graphs = { [inner.id]: inner };
    const result = await burst(outer, { graphs });
    expect(result).toMatchObject({ kind: 'waiting', remembered: [{ path: 'nest', key: 'seven', value: 7 }] });
    if (result.kind !== 'waiting') throw new Error(result.kind);
    const [request] = result.requests;
    const next = await burst(outer, { graphs, checkpoint: result.checkpoint, answers: { [request!.id]: {} } });
    expect(next).toMatchObject({ kind: 'done' });
    expect(next.remembered).toBeUndefined();
  });
});

describe('what a skill sees of memory', () => {
  const about = { version: 1, confidence: 1, updated_at: '2026-11-01T00:00:00.000Z', kind: 'fact' } as const;
  const memory: MemoryWindow = {
    entries: [
      { ...about, id: 'm1', scope: 'skill', skill: 'x', key: 'terms', value: 'of the skill' },
      { ...about, id: 'm2', scope: 'organisation', key: 'terms', value: 'of all' },
      { ...about, id: 'm3', scope: 'employee', key: '__proto__', value: 'a key like any other' },
    ],
  };
  const reads = skillGraph('reads', [
    { id: 'terms', kind: 'transform', expression: 'memory.values.terms' },
    { id: 'ids', kind: 'transform', expression: 'memory.entries.id' },
    { id: 'other', kind: 'transform', expression: '$lookup(memory.values, "nothing")' },
  ]);

  test('is the window, with the nearest value of a key first', async () => {
    expect(await burst(reads, { memory })).toMatchObject({
      kind: 'done',
      output: { terms: 'of the skill', ids: ['m1', 'm2', 'm3'], other: null },
    });
  });

  test('is nothing, and no failure, without a window', async () => {
    expect(await burst(reads)).toMatchObject({ kind: 'done', output: { terms: null, ids: null } });
  });
});
