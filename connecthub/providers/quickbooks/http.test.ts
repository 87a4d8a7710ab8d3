import { describe, expect, it } from 'vitest';
import { quickbooks } from '../quickbooks.ts';

const { toHttp, revocation, tokenPattern } = quickbooks;

describe('a request to QuickBooks', () => {
  it('is below its company, always in one version', () => {
    expect(
      toHttp({ method: 'query', args: { query: "SELECT * FROM Item WHERE Name = 'a&b'", nothing: undefined } }, '42'),
    ).toEqual({
      verb: 'GET',
      path: '/42/query?query=SELECT+*+FROM+Item+WHERE+Name+%3D+%27a%26b%27&minorversion=75',
      headers: {},
    });
  });

  it('has a JSON body, or bytes where there is none', () => {
    const made = toHttp({ method: 'invoice', verb: 'POST', args: { requestid: 'k' }, body: { A: 1 } }, '42');
    expect(made).toEqual({
      verb: 'POST',
      path: '/42/invoice?requestid=k&minorversion=75',
      headers: { 'content-type': 'application/json' },
      body: '{"A":1}',
    });
    const sent = toHttp({ method: 'invoice/7/send', verb: 'POST', args: {} }, '42');
    expect(sent).toMatchObject({ headers: { 'content-type': 'application/octet-stream' }, body: '' });
  });

  it('revokes by the token that has not ended by itself', () => {
    const client = { id: 'id', secret: 'secret' };
    const body = (refreshToken: string | undefined) =>
      revocation.request({ accountId: '1', accessToken: 'a', refreshToken, client }).body;
    expect([body('r'), body(undefined)]).toEqual(['{"token":"r"}', '{"token":"a"}']);
  });

  it('shows no token in a text', () => {
    const tokens = [
      `eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0..${'a'.repeat(22)}.${'b'.repeat(99)}.${'c'.repeat(22)}`,
      `AB11${'d'.repeat(46)}`,
    ];
    for (const token of tokens) expect(`before ${token} after`.replace(tokenPattern, '***')).toBe('before *** after');
    expect('[clancy abcdefghijklmnopqrstuvwxyz234567]'.replace(tokenPattern, '***')).toContain('abcdef');
  });
});
