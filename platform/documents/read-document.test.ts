import { describe, expect, it } from 'vitest';
import { MAX_DOCUMENT_BYTES, readDocument } from './read-document.ts';

const problemOf = (text: string) =>
  readDocument(text).then(
    () => 'none',
    (error: { code: string; details: { fields?: { message: string }[] } }) =>
      `${error.code}: ${error.details.fields?.[0]?.message}`,
  );

describe('a document', () => {
  it.each(['{"openapi":"3.1.0","paths":{}}', 'openapi: 3.1.0\npaths: {}\n'])('is read from %s', async (text) => {
    expect(await readDocument(text)).toEqual({ openapi: '3.1.0', paths: {} });
  });

  it('keeps dates, long numbers and yes as the texts that they are', async () => {
    expect(await readDocument('a: 2026-01-01\nb: yes\nc: "1"\n')).toEqual({ a: '2026-01-01', b: 'yes', c: '1' });
  });

  it('has no prototype but that of plain objects, whatever it is called', async () => {
    const read = await readDocument('{"__proto__":{"isAdmin":true},"a":1}');
    expect([Object.getPrototypeOf(read), Object.keys(read)]).toEqual([Object.prototype, ['__proto__', 'a']]);
    const yaml = await readDocument('__proto__:\n  isAdmin: true\n');
    expect([Object.getPrototypeOf(yaml), 'isAdmin' in yaml]).toEqual([Object.prototype, false]);
  });

  it.each([
    ['aliases that stand for very much', `a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n`, /aliases/],
    ['half of it', '{"openapi": "3.1.0"', /no JSON/],
    ['a list', '[1]', /no object/],
    ['nothing', '', /no object/],
    ['text', 'hello', /no object/],
    ['a key twice', 'a: 1\na: 2\n', /neither JSON nor YAML/],
    ['another document behind it', 'a: 1\n---\na: 2\n', /neither JSON nor YAML/],
    ['very deep JSON', `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, /deeper than 100/],
    ['very deep YAML', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, /neither JSON nor YAML/],
    ['very many values', `{"a":[${'1,'.repeat(500_000)}1]}`, /more than 500000/],
    ['what the database cannot hold', '{"a":"\\u0000"}', /NUL/],
    ['names that it cannot hold', '{"\\ud800":1}', /surrogate/],
    ['a type of YAML that makes objects', 'a: !!js/function "x"\n', /none|neither/],
  ])('with %s is refused', async (_what, text, problem) => {
    expect(await problemOf(text)).toMatch(problem);
  });

  it('is no larger than five megabytes', async () => {
    expect(await problemOf(`{"a":"${'x'.repeat(MAX_DOCUMENT_BYTES)}"}`)).toMatch(/^payload_too_large/);
  });

  it('that takes too long to read is let go', async () => {
    const slow = `a:\n${Array.from({ length: 300_000 }, (_, n) => `  k${n}: [1]\n`).join('')}`;
    await expect(readDocument(slow, { timeLimitMs: 50 })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { fields: [{ message: 'it takes too long to read, or too much memory' }] },
    });
  });
});
