import { describe, expect, test } from 'vitest';
import { MAX_PAYLOAD_BYTES } from '../contracts/run.ts';
import { assertFits, sizeOf } from './payload.ts';

describe('a value for history', () => {
  test('is measured in bytes of JSON, not in characters', () => {
    expect(sizeOf({ a: 'ä€😀' })).toBe('{"a":""}'.length + 2 + 3 + 4);
  });

  test('may be as large as the limit, and no larger', () => {
    const text = 'x'.repeat(MAX_PAYLOAD_BYTES - 2);
    expect(() => assertFits('the input', text)).not.toThrow();
    expect(() => assertFits('the input', `${text}x`)).toThrow(
      expect.objectContaining({
        code: 'payload_too_large',
        message: expect.stringContaining(`the input: ${MAX_PAYLOAD_BYTES + 1} bytes`),
      }),
    );
  });
});
