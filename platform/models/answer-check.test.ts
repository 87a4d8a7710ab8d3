import { describe, expect, test } from 'vitest';
import { compileAnswerCheck } from './answer-check.ts';

const check = compileAnswerCheck({
  type: 'object',
  properties: { text: { type: 'string' } },
  required: ['text'],
  additionalProperties: false,
});

describe('an answer of a model', () => {
  test('that fits its schema is given on', () => {
    expect(check({ text: 'hello' })).toEqual({ text: 'hello' });
  });

  test('is given on as text that a database can hold', () => {
    expect(check({ text: 'a\u0000b\ud800' })).toEqual({ text: 'a\ufffdb\ufffd' });
  });

  test.each([
    ['no object', 'hello'],
    ['no answer', undefined],
    ['another shape', { text: 1 }],
    ['more than was asked for', { text: '', more: 1 }],
  ])('that is %s is refused', (_what, answer) => {
    expect(() => check(answer)).toThrow(expect.objectContaining({ code: 'model_failed' }));
  });
});
