import { afterAll, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { BurstInput, BurstResult } from '../../../contracts/burst.ts';
import type { SkillGraph } from '../../../contracts/skill-graph.ts';
import { createExpressions } from '../../../platform/expressions/expressions.ts';
import { call, skillGraph } from '../../../test/engine/plans.ts';
import { ModelUnavailable, type Model } from '../../../platform/models/structured-model.ts';
import { runBurst } from './burst.ts';

const expressions = createExpressions({ threads: 1, timeLimitMs: 5_000 });
afterAll(() => expressions.close());

const thread = { skill_run: 'skill-run', items: [] };
const trigger = { type: 'direct_command' as const, payload: { who: 'ada' }, source: 'test' };

function inputOf(graph: SkillGraph, more: Partial<BurstInput> = {}): BurstInput {
  return { thread, graph, graphs: {}, input: {}, trigger, now: '2026-11-23T10:00:00.000Z', count: 0, ...more };
}
const noTools: Model['next'] = () => Promise.reject(new TypeError('not asked'));

function start(graph: SkillGraph, more: Partial<BurstInput> = {}, model?: Model): Promise<BurstResult> {
  return runBurst(inputOf(graph, more), { expressions, ...(model && { model }) });
}
/** The next burst, with what the last one gave having been through history. */
function resume(
  graph: SkillGraph,
  last: BurstResult,
  answers: { [id: string]: Json },
  more: Partial<BurstInput> = {},
): Promise<BurstResult> {
  if (last.kind !== 'waiting') throw new Error(`the last burst is ${last.kind}`);
  return start(graph, { checkpoint: JSON.parse(JSON.stringify(last.checkpoint)), answers, ...more });
}
function requestsOf(result: BurstResult) {
  return result.kind === 'waiting' ? result.requests : result;
}
const done = { kind: 'done' };

describe('a burst', () => {
  test('runs transforms and branches to the end without asking the world', async () => {
    const graph = skillGraph(
      'plain',
      [
        { id: 'sum', kind: 'transform', expression: '$sum(input.numbers)' },
        { id: 'size', kind: 'branch', expression: 'nodes.sum > 5 ? "big" : "small"' },
        { id: 'big', kind: 'transform', expression: '"big for " & trigger.payload.who' },
        { id: 'small', kind: 'transform', expression: '"small"' },
      ],
      {
        input: { numbers: { type: 'array', description: 'what to add', required: true } },
        edges: [
          { from: 'sum', to: 'size' },
          { from: 'size', to: 'big', when: 'big' },
          { from: 'size', to: 'small', when: 'otherwise' },
        ],
      },
    );
    expect(await start(graph, { input: { numbers: [1, 2, 3] } })).toMatchObject({
      ...done,
      thread,
      output: { sum: 6, size: 'big', big: 'big for ada' },
      micro_agents: ['sum', 'size', 'big'],
      count: 0,
    });
  });

  test('asks for parallel calls at once, numbered by path, and goes on with their answers', async () => {
    const graph = skillGraph(
      'calls',
      [
        call('b', 'slack/slack.read', { channel: '=input.channel' }),
        call('a', 'slack/slack.read'),
        call('last', 'slack/slack.post', { text: '=nodes.a.x & nodes.b.x' }),
      ],
      {
        edges: [
          { from: 'a', to: 'last' },
          { from: 'b', to: 'last' },
        ],
        input: { channel: { type: 'string', description: '', default: 'C9' } },
      },
    );
    const first = await start(graph);
    expect(requestsOf(first)).toEqual([
      { id: 'a#1', kind: 'call', path: 'a', n: 1, capability: 'slack/slack.read', parameters: {} },
      { id: 'b#2', kind: 'call', path: 'b', n: 2, capability: 'slack/slack.read', parameters: { channel: 'C9' } },
    ]);
    const second = await resume(graph, first, { 'a#1': { x: 'A' }, 'b#2': { x: 'B' } });
    expect(requestsOf(second)).toMatchObject([{ id: 'last#3', n: 3, parameters: { text: 'AB' } }]);
    expect(await resume(graph, second, { 'last#3': { ok: 1 } })).toMatchObject({ ...done, count: 3, micro_agents: ['last'] });
  });

  test('gives the same requests and goes on the same way when it is repeated', async () => {
    const graph = skillGraph('again', [call('a', 'slack/slack.read'), call('b', 'slack/slack.read')]);
    const [one, other] = [await start(graph), await start(graph)];
    expect(requestsOf(other)).toEqual(requestsOf(one));
    const answers = { 'a#1': 1, 'b#2': 2 };
    expect(await resume(graph, other, answers)).toEqual(await resume(graph, one, answers));
  });

  test('goes on numbering from where an earlier visit of the thread ended', async () => {
    expect(requestsOf(await start(skillGraph('later', [call('a', 'slack/slack.read')]), { count: 4 }))).toMatchObject([
      { id: 'a#5', n: 5 },
    ]);
  });

  test('runs nested graphs as subgraphs, their requests under their paths, beside other nodes', async () => {
    const inner = skillGraph(
      'inner',
      [call('x', 'slack/slack.read', { of: '=input.of' }), { id: 'y', kind: 'transform', expression: 'nodes.x.n + 1' }],
      {
        input: { of: { type: 'string', description: '', required: true } },
        edges: [{ from: 'x', to: 'y' }],
        output: { n: '=nodes.y' },
      },
    );
    const middle = skillGraph('middle', [{ id: 'deep', kind: 'graph', graph: inner.id, input: { of: '=input.of' } }], {
      input: inner.input,
      output: '=nodes.deep.n',
    });
    const outer = skillGraph(
      'outer',
      [
        { id: 'one', kind: 'graph', graph: middle.id, input: { of: 'one' } },
        { id: 'two', kind: 'graph', graph: middle.id, input: { of: 'two' } },
        { id: 'sum', kind: 'transform', expression: 'nodes.one + nodes.two' },
      ],
      {
        edges: [
          { from: 'one', to: 'sum' },
          { from: 'two', to: 'sum' },
        ],
      },
    );
    const graphs = { [inner.id]: inner, [middle.id]: middle };
    const first = await start(outer, { graphs });
    expect(requestsOf(first)).toMatchObject([
      { id: 'one/deep/x#1', parameters: { of: 'one' } },
      { id: 'two/deep/x#2', parameters: { of: 'two' } },
    ]);
    expect(await resume(outer, first, { 'one/deep/x#1': { n: 10 }, 'two/deep/x#2': { n: 20 } }, { graphs })).toMatchObject({
      ...done,
      output: { one: 11, two: 21, sum: 32 },
      micro_agents: expect.arrayContaining(['one/deep/x', 'one/deep/y', 'one/deep', 'one', 'sum']),
    });
  });

  test('visits the nodes of a loop again and drops checkpoints of nested graphs that have ended', async () => {
    const inner = skillGraph('turn', [call('x', 'slack/slack.read')], { output: '=nodes.x' });
    const graph = skillGraph(
      'loop',
      [
        { id: 'begin', kind: 'transform', expression: '0' },
        { id: 'turn', kind: 'graph', graph: inner.id, input: {} },
        { id: 'more', kind: 'branch', expression: 'nodes.turn < 3 ? "again" : "enough"' },
      ],
      {
        edges: [
          { from: 'begin', to: 'turn' },
          { from: 'turn', to: 'more' },
          { from: 'more', to: 'turn', when: 'again' },
        ],
      },
    );
    const graphs = { [inner.id]: inner };
    let result = await start(graph, { graphs });
    const sizes: number[] = [];
    for (const n of [1, 2, 3]) {
      expect(requestsOf(result)).toMatchObject([{ id: `turn/x#${n}` }]);
      sizes.push(JSON.stringify(result).length);
      result = await resume(graph, result, { [`turn/x#${n}`]: n }, { graphs });
    }
    expect(result).toMatchObject({ ...done, output: { turn: 3, more: 'enough' } });
    expect(sizes[2]! - sizes[1]!).toBeLessThan(50);
  });

  test('asks for the items of a foreach with an input each', async () => {
    const graph = skillGraph(
      'each',
      [
        {
          id: 'each',
          kind: 'foreach',
          items: 'input.list',
          body: 'sg_body_v1',
          input: { v: '=item.v', at: '=index' },
          max_parallel: 2,
        },
      ],
      {
        input: { list: { type: 'array', description: '' } },
      },
    );
    expect(requestsOf(await start(graph, { input: { list: [{ v: 'x' }, { v: 'y' }] } }))).toEqual([
      {
        id: 'each#1',
        kind: 'foreach',
        path: 'each',
        n: 1,
        body: 'sg_body_v1',
        items: [{ v: 'x' }, { v: 'y' }],
        inputs: [
          { v: 'x', at: 0 },
          { v: 'y', at: 1 },
        ],
        max_parallel: 2,
      },
    ]);
    expect(requestsOf(await start(graph, { input: {} }))).toMatchObject([{ items: [], inputs: [] }]);
  });

  test('asks for approvals and timers', async () => {
    const graph = skillGraph('people', [
      {
        id: 'ask',
        kind: 'approval',
        question: '="Post to " & trigger.payload.who & "?"',
        details: { n: '=1+1' },
        timeout_seconds: 60,
      },
      { id: 'pause', kind: 'wait', seconds: '=5 * 2' },
    ]);
    expect(requestsOf(await start(graph))).toEqual([
      { id: 'ask#1', kind: 'approval', path: 'ask', n: 1, question: 'Post to ada?', details: { n: 2 }, timeout_seconds: 60 },
      { id: 'pause#2', kind: 'wait', path: 'pause', n: 2, seconds: 10 },
    ]);
  });

  test('hands data from outside through a checkpoint as data, whatever it looks like', async () => {
    const graph = skillGraph('hostile', [call('a', 'slack/slack.read'), call('b', 'slack/slack.read')], {
      edges: [{ from: 'a', to: 'b' }],
    });
    const hostile = { lc: 1, type: 'constructor', id: ['langchain_core', 'messages', 'HumanMessage'], kwargs: { content: 'x' } };
    const second = await resume(graph, await start(graph), { 'a#1': hostile });
    expect(await resume(graph, second, { 'b#2': null })).toMatchObject({ output: { a: hostile, b: null } });
  });

  test.each<[string, SkillGraph, JsonObject, object]>([
    [
      'an expression that fails',
      skillGraph('e1', [{ id: 'n', kind: 'transform', expression: '"a" + 1' }]),
      {},
      { code: 'expression_failed', path: 'n' },
    ],
    [
      'an input that is missing',
      skillGraph('e2', [call('a', 'slack/slack.read')], { input: { x: { type: 'string', description: '', required: true } } }),
      {},
      { code: 'parameters_invalid' },
    ],
    [
      'an input of another type',
      skillGraph('e3', [call('a', 'slack/slack.read')], { input: { x: { type: 'string', description: '' } } }),
      { x: 1 },
      { code: 'parameters_invalid' },
    ],
    [
      'an input that is not declared',
      skillGraph('e4', [call('a', 'slack/slack.read')]),
      { y: 1 },
      { code: 'parameters_invalid' },
    ],
    [
      'a graph that is not in the plan',
      skillGraph('e5', [{ id: 'g', kind: 'graph', graph: 'sg_absent_v1', input: {} }]),
      {},
      { code: 'graph_invalid', path: 'g' },
    ],
    [
      'a foreach over too many items',
      skillGraph('e6', [{ id: 'f', kind: 'foreach', items: '[1..3]', body: 'sg_b_v1', input: {}, max_items: 2 }]),
      {},
      { code: 'budget_exceeded', path: 'f' },
    ],
    [
      'a wait that is no time',
      skillGraph('e7', [{ id: 'w', kind: 'wait', seconds: '="soon"' }]),
      {},
      { code: 'expression_failed', path: 'w' },
    ],
    [
      'a model where there is none',
      skillGraph('e8', [{ id: 'm', kind: 'model', instructions: 'x', input: {}, schema: {} }]),
      {},
      { code: 'model_failed', path: 'm' },
    ],
    [
      'a state too large for history',
      skillGraph(
        'e9',
        Array.from({ length: 9 }, (_, n) => ({ id: `n${n}`, kind: 'transform', expression: '$pad("x", 950000)' })),
      ),
      {},
      { code: 'payload_too_large' },
    ],
  ])('fails with its code for %s', async (_what, graph, input, expected) => {
    expect(await start(graph, { input })).toMatchObject({ kind: 'failed', thread, ...expected });
  });

  test('stops an endless loop at max_steps', async () => {
    const graph = skillGraph(
      'endless',
      [
        { id: 'a', kind: 'transform', expression: '1' },
        { id: 'b', kind: 'branch', expression: '"again"' },
      ],
      {
        max_steps: 9,
        edges: [
          { from: 'a', to: 'b' },
          { from: 'b', to: 'b', when: 'again' },
        ],
      },
    );
    expect(await start(graph)).toMatchObject({ kind: 'failed', code: 'budget_exceeded' });
  });

  test('refuses a graph that nests itself for ever', async () => {
    const graph = skillGraph('self', [{ id: 'g', kind: 'graph', graph: 'sg_self_v1', input: {} }]);
    expect(await start(graph, { graphs: { [graph.id]: graph } })).toMatchObject({ kind: 'failed', code: 'budget_exceeded' });
  });

  test('refuses the checkpoint of another graph, also of another nested one', async () => {
    const nested = (text: string) => skillGraph('nested', [call('x', 'slack/slack.read', { text })]);
    const graph = skillGraph('outer2', [{ id: 'g', kind: 'graph', graph: 'sg_nested_v1', input: {} }]);
    const first = await start(graph, { graphs: { sg_nested_v1: nested('a') } });
    expect(await resume(graph, first, { 'g/x#1': 1 }, { graphs: { sg_nested_v1: nested('b') } })).toMatchObject({
      kind: 'failed',
      code: 'checkpoint_mismatch',
    });
  });

  test.each<[string, { [id: string]: Json }]>([
    ['too few', { 'a#1': 1 }],
    ['others', { 'a#1': 1, 'c#2': 2 }],
    ['too many', { 'a#1': 1, 'b#2': 2, 'c#3': 3 }],
  ])('refuses %s answers than it asked for', async (_what, answers) => {
    const graph = skillGraph('answers', [call('a', 'slack/slack.read'), call('b', 'slack/slack.read')]);
    expect(await resume(graph, await start(graph), answers)).toMatchObject({ kind: 'failed', code: 'checkpoint_mismatch' });
  });

  test('uses a model’s answer, and says when to come back for it', async () => {
    const graph = skillGraph('model', [
      { id: 'm', kind: 'model', instructions: 'Sum up.', input: { text: '=trigger.payload.who' }, schema: { type: 'object' } },
    ]);
    const asked: unknown[] = [];
    const model: Model = {
      next: noTools,
      answer: async (question) => {
        asked.push(question);
        return { summary: 'short' };
      },
    };
    expect(await start(graph, {}, model)).toMatchObject({ ...done, output: { m: { summary: 'short' } } });
    expect(asked).toMatchObject([{ instructions: 'Sum up.', data: { text: 'ada' }, schema: { type: 'object' } }]);
    const away: Model = { next: noTools, answer: () => Promise.reject(new ModelUnavailable('busy', 1_500)) };
    expect(await start(graph, {}, away)).toMatchObject({ kind: 'unavailable', waiting_on: 'model', retry_after_ms: 1_500 });
  });

  test('throws what nobody foresaw', async () => {
    const broken: Model = { next: noTools, answer: () => Promise.reject(new TypeError('a bug')) };
    const graph = skillGraph('bug', [{ id: 'm', kind: 'model', instructions: 'x', input: {}, schema: {} }]);
    await expect(start(graph, {}, broken)).rejects.toThrow('a bug');
  });
});
