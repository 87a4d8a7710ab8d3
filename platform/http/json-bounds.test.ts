import { expect, test } from 'vitest';
import { assertBounded } from './json-bounds.ts';

const refused = expect.objectContaining({ code: 'invalid_request' });

test.each([
  ['a NUL in a string', '{"a":["x\\u0000y"]}'],
  ['a NUL in a key', '{"a":{"\\u0000":1}}'],
  ['the first half of a pair', '{"a":"\\ud83d"}'],
  ['the second half of a pair', '{"a":"\\ude00 and more"}'],
  ['half a pair in a key', '{"\\ud83d":1}'],
  ['a NUL as the whole body', '"\\u0000"'],
])('%s is refused', (_which, json) => {
  expect(() => assertBounded(JSON.parse(json))).toThrow(refused);
});

test('whole pairs, control characters and every other text pass', () => {
  expect(() =>
    assertBounded(JSON.parse('{"a 😀":["\\ud83d\\ude00","\\u0001\\u001f\\n","\\ufffd"],"b":null,"c":1}')),
  ).not.toThrow();
});

test('too deep and too crowded bodies are refused', () => {
  expect(() => assertBounded(JSON.parse('['.repeat(65) + ']'.repeat(65)))).toThrow(refused);
  expect(() => assertBounded(Array.from({ length: 50_001 }, () => 1))).toThrow(refused);
});
