import { ApplicationFailure } from '@temporalio/activity';
import { afterAll, describe, expect, test } from 'vitest';
import { createExpressions } from '../../platform/expressions/expressions.ts';
import { createEvaluateEdges } from './evaluate-edges.ts';

const expressions = createExpressions({ threads: 1, timeLimitMs: 5_000 });
afterAll(() => expressions.close());
const evaluateEdges = createEvaluateEdges({ expressions });
const scope = { skills: { a: { output: { n: 2 } } } };

describe('edges of an employee graph', () => {
  test('are taken when their condition is true, and not when it is false or has no value', async () => {
    const edges = [
      { id: '0', when: 'skills.a.output.n = 2' },
      { id: '1', when: 'skills.a.output.n > 2' },
      { id: '2', when: 'skills.absent.output' },
    ];
    expect(await evaluateEdges({ edges, scope, inputs: {} })).toEqual({ taken: { 0: true, 1: false, 2: false }, inputs: {} });
  });

  test('are evaluated together with the inputs of skills', async () => {
    const { inputs } = await evaluateEdges({ edges: [], scope, inputs: { b: { n: '=skills.a.output.n', gone: '=skills.x' } } });
    expect(inputs).toEqual({ b: { n: 2 } });
  });

  test('whose inputs are too large for history fail the run with payload_too_large', async () => {
    const inputs = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`b${n}`, { text: '=$pad("x", 950000)' }]));
    await expect(evaluateEdges({ edges: [], scope, inputs })).rejects.toMatchObject({
      type: 'payload_too_large',
      nonRetryable: true,
    });
  });

  test.each([
    ['no truth value', '"false"'],
    ['an error', '"a" + 1'],
  ])('whose condition gives %s fail the run with expression_failed', async (_what, when) => {
    const error = await evaluateEdges({ edges: [{ id: '0', when }], scope, inputs: {} }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject({ type: 'expression_failed', nonRetryable: true });
  });
});
