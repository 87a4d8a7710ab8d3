import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { readAnswer } from './answers.ts';
import { authoriseBy } from './auth.ts';
import { fit, lighten } from './fit.ts';
import { toRequest } from './request.ts';
import type { StoredField } from './stored.ts';

const SERVER = 'https://api.example.com/v1';
const request = (path: string, fields: StoredField[], parameters: JsonObject) =>
  toRequest({ operation_id: 'op', verb: 'POST', path, fields }, SERVER, parameters, { 'Idempotency-Key': 'k' });

describe('a request', () => {
  const id: StoredField = { name: 'id', in: 'path', as: 'id' };

  it('has each parameter at its place, encoded', () => {
    const made = request(
      '/a/{id}/b',
      [
        id,
        { name: 'q', in: 'query', as: 'q[x]' },
        { name: 'many', in: 'query', as: 'many', list: 'repeat' },
        { name: 'few', in: 'query', as: 'few', list: 'comma' },
        { name: 'X-Team', in: 'header', as: 'X-Team' },
        { name: 'flag', in: 'body', as: 'is-flag' },
        { name: 'absent', in: 'body', as: 'absent' },
      ],
      { id: 'ä/ö?#&', q: 'a&b=c', many: ['1', '2,3'], few: ['1', '2,3'], 'X-Team': 7, flag: false },
    );
    expect(made).toEqual({
      method: 'op',
      verb: 'POST',
      args: { path: '/a/%C3%A4%2F%C3%B6%3F%23%26/b?q%5Bx%5D=a%26b%3Dc&many=1&many=2%2C3&few=1,2%2C3' },
      headers: { 'X-Team': '7', 'Idempotency-Key': 'k' },
      body: { 'is-flag': false },
    });
  });

  it('with text that has no encoding is made all the same', () => {
    expect(request('/{id}', [id], { id: '\ud800' }).args['path']).toBe('/%EF%BF%BD');
  });

  it('whose path would lead elsewhere is refused, whatever let the value pass', () => {
    for (const value of ['..', '.']) expect(() => request('/a/{id}/b', [id], { id: value })).toThrow(/path_not_allowed/);
  });

  it('carries the key where the provider wants it', () => {
    const plain = { verb: 'GET', path: '/x', headers: {} } as const;
    const by = (auth: Parameters<typeof authoriseBy>[0], path = '/x') => authoriseBy(auth)({ ...plain, path }, 'k&1');
    expect(by({ type: 'bearer' }).headers).toEqual({ authorization: 'Bearer k&1' });
    expect(by({ type: 'api_key', in: 'header', name: 'X-Key', prefix: 'Token ' }).headers).toEqual({ 'x-key': 'Token k&1' });
    expect(by({ type: 'api_key', in: 'query', name: 'key' }).path).toBe('/x?key=k%261');
    expect(by({ type: 'api_key', in: 'query', name: 'key' }, '/x?a=1').path).toBe('/x?a=1&key=k%261');
  });
});

describe('an answer', () => {
  const answer = (status: number, headers = {}, body = '') => readAnswer({ status, headers, body });

  it.each([
    [200, { kind: 'ok' }],
    [204, { kind: 'ok', body: {} }],
    [301, { kind: 'uncertain', isOver: true }],
    [400, { kind: 'refused', code: 'provider_refused', retryable: false }],
    [401, { kind: 'refused', grant: 'expired' }],
    [408, { kind: 'uncertain', isOver: false }],
    [409, { kind: 'refused', retryable: false }],
    [429, { kind: 'refused', code: 'provider_rate_limited', retryAfterMs: 10_000 }],
    [500, { kind: 'uncertain', isOver: true }],
    [502, { kind: 'uncertain', isOver: false }],
  ])('of %i means what HTTP says', (status, meaning) => expect(answer(status)).toMatchObject(meaning));

  it('says in seconds, or at a date, for how long to wait, and never for days', () => {
    const waits = (text: string) => answer(429, { 'retry-after': text });
    expect(waits('7')).toMatchObject({ retryAfterMs: 7_000 });
    expect(waits('999999')).toMatchObject({ retryAfterMs: 3_600_000 });
    expect(waits(new Date(Date.now() + 60_000).toUTCString())).toMatchObject({ retryAfterMs: expect.closeTo(60_000, -4) });
    expect(waits('soon')).toMatchObject({ retryAfterMs: 10_000 });
  });

  const schema: JsonObject = {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string' } },
      of: { type: ['object', 'null'], properties: { a: { type: 'string' } } },
    },
  };
  it.each<[string, Json, Json | undefined]>([
    ['that fits', { id: 1, tags: ['a'], of: null }, { id: 1, tags: ['a'], of: null }],
    ['with more', { id: 1, secret: 'x', of: { a: 'b', c: 'd' } }, { id: 1, of: { a: 'b' } }],
    ['of other types', { id: '1', tags: ['a', 2], of: [] }, { tags: ['a'] }],
    ['with names of objects', JSON.parse('{"__proto__":{"id":1},"constructor":1}'), {}],
    ['that is none', ['x'], undefined],
  ])('%s keeps what is declared', (_what, value, kept) => expect(fit(schema, value)).toEqual(kept));

  it('that is too large is none of a read, and its plain values of what has happened', () => {
    const large = { id: 7, text: 'x'.repeat(300 * 1024), of: {} };
    expect([lighten(large, 'read'), lighten(large, 'write'), lighten({ id: 1 }, 'read')]).toEqual([
      undefined,
      { id: 7 },
      { id: 1 },
    ]);
  });
});
