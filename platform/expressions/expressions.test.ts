import { afterAll, describe, expect, test } from 'vitest';
import { ClancyError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { createExpressions } from './expressions.ts';

const expressions = createExpressions({ threads: 1, timeLimitMs: 1_000, memoryLimitMb: 32 });
afterAll(() => expressions.close());

const scope: JsonObject = {
  input: { channel: 'C1', n: 3 },
  nodes: { read: { messages: [{ ts: '1' }, { ts: '2' }] } },
  now: '2026-11-23T10:00:00.000Z',
};

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof ClancyError ? error.code : `not a domain error: ${String(error)}`;
}

describe('expressions', () => {
  test('evaluate over the scope', async () => {
    expect(await expressions.evaluate('nodes.read.messages.ts', scope)).toEqual(['1', '2']);
    expect(await expressions.evaluate('$sum([1..input.n])', scope)).toBe(6);
  });

  test('give null where nothing is found', async () => {
    expect(await expressions.evaluate('nodes.absent.value', scope)).toBeNull();
  });

  test('resolve templates: expressions, literals, members without a value', async () => {
    const template: Json = {
      channel: '=input.channel',
      text: '==sum',
      list: ['=input.n', '=missing'],
      gone: '=missing',
      deep: { k: true },
    };
    expect(await expressions.resolveTemplate(template, scope)).toEqual({
      channel: 'C1',
      text: '=sum',
      list: [3, null],
      deep: { k: true },
    });
  });

  test('run many jobs in one hop, each with its own outcome and locals', async () => {
    const outcomes = await expressions.batch(
      [
        { kind: 'expression', source: 'item * 2', locals: { item: 1 } },
        { kind: 'expression', source: '"a" + 1' },
        { kind: 'template', template: { i: '=item' }, locals: { item: 7 } },
      ],
      scope,
    );
    expect(outcomes).toMatchObject([
      { ok: true, value: 2 },
      { ok: false, code: 'expression_failed' },
      { ok: true, value: { i: 7 } },
    ]);
  });

  test('give only text that a database can hold', async () => {
    const hostile: JsonObject = {
      input: { text: 'a\u0000b\ud800c\udc00', pair: '\ud83d\ude00', 'key\u0000': '\\u0000 \\\u0000' },
    };
    const held = { text: 'a\ufffdb\ufffdc\ufffd', pair: '\ud83d\ude00', 'key\ufffd': '\\u0000 \\\ufffd' };
    expect(await expressions.evaluate('input', hostile)).toEqual(held);
    expect(await expressions.resolveTemplate({ literal: 'x\u0000', all: '=input' }, hostile)).toEqual({
      literal: 'x\ufffd',
      all: held,
    });
  });

  test.each(['$eval("1")', '$now()', '$millis()', '$random()', '$shuffle([1,2])', '($f := $now; $f())'])(
    'refuse %s, which differs from one evaluation to the next',
    async (source) => {
      await expect(expressions.evaluate(source, scope)).rejects.toThrow('is not available');
    },
  );

  test('complete a partial date from the instant of the scope, never from the clock', async () => {
    expect(await expressions.evaluate('$fromMillis($toMillis("08:30", "[H01]:[m01]"))', scope)).toBe('2026-11-23T08:30:00.000Z');
  });

  test('say what is wrong with an expression that does not parse', async () => {
    expect(await codeOf(expressions.evaluate('input.(', scope))).toBe('expression_failed');
  });

  test.each([
    ['an endless loop', '($f := function($x) { $f($x + 1) }; $f(1))'],
    ['a regular expression that backtracks for ever', '$contains("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)'],
    ['endless recursion', '($f := function($x) { 1 + $f($x) }; $f(1))'],
    ['a huge range', '[1..9999999]'],
    ['a huge text', '$length($pad("x", 900000000))'],
    ['memory without end', '($f := function($s) { $f($s & $s) }; $f("abcdefgh"))'],
    ['a value too large to hand on', '$pad("x", 1000001)'],
  ])('end %s with expression_limit, and the pool goes on', async (_what, source) => {
    expect(await codeOf(expressions.evaluate(source, scope))).toBe('expression_limit');
    expect(await expressions.evaluate('1 + 1', scope)).toBe(2);
  });

  test('cannot reach a prototype', async () => {
    expect(await expressions.evaluate('input.constructor', scope)).toBeNull();
    expect(await expressions.evaluate('$string(input.__proto__)', scope)).toBeNull();
    expect(await codeOf(expressions.evaluate('{"__proto__": {"polluted": true}}', scope))).not.toContain('not a domain error');
    const hostile: JsonObject = JSON.parse('{"input": {"__proto__": {"polluted": true}}}');
    expect(await codeOf(expressions.evaluate('input', hostile))).toBe('expression_failed');
    expect(({} as JsonObject)['polluted']).toBeUndefined();
  });

  test('refuse data nested too deeply instead of overflowing', async () => {
    let deep: Json = 1;
    for (let i = 0; i < 50_000; i += 1) deep = [deep];
    expect(await codeOf(expressions.evaluate('input', { input: deep }))).toBe('expression_limit');
    expect(await codeOf(expressions.resolveTemplate(deep, scope))).toBe('expression_limit');
  });

  test('evaluations queue for a thread without eating into each other’s time', async () => {
    const slow = expressions.evaluate('($f := function($x) { $f($x + 1) }; $f(1))', scope);
    const next = expressions.evaluate('input.n', scope);
    expect(await codeOf(slow)).toBe('expression_limit');
    expect(await next).toBe(3);
  });
});
