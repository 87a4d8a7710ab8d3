import { describe, expect, it } from 'vitest';
import { stripe } from '../stripe.ts';
import { toForm } from './form.ts';

const VERSION = { 'stripe-version': '2026-10-28.endive' };

describe('a request to Stripe', () => {
  it('reads by a query, always in one version', () => {
    const args = { 'created[gte]': 5, email: 'a&b@example.com', nothing: undefined };
    expect(stripe.toHttp({ method: 'customers', args })).toEqual({
      verb: 'GET',
      path: '/customers?created%5Bgte%5D=5&email=a%26b%40example.com',
      headers: VERSION,
    });
  });

  it('writes a form with its key', () => {
    const headers = { 'idempotency-key': 'k' };
    expect(stripe.toHttp({ method: 'refunds', verb: 'POST', args: {}, body: { amount: 5 }, headers })).toEqual({
      verb: 'POST',
      path: '/refunds',
      headers: { ...VERSION, ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'amount=5',
    });
  });

  it('nests with brackets and leaves out what has no value', () => {
    const form = toForm({ a: [{ b: 'x y', c: null }, { b: '' }], d: { e: false }, f: '[g]=h&i' });
    expect([...new URLSearchParams(form)]).toEqual([
      ['a[0][b]', 'x y'],
      ['d[e]', 'false'],
      ['f', '[g]=h&i'],
    ]);
  });

  it('disconnects an account by the platform’s key', () => {
    const held = { accountId: 'acct_1', accessToken: 'a', refreshToken: 'r', client: { id: 'ca_1', secret: 'sk_live_x' } };
    expect(stripe.revocation.request(held)).toMatchObject({
      headers: { authorization: 'Bearer sk_live_x' },
      body: 'client_id=ca_1&stripe_user_id=acct_1',
    });
  });

  it('shows no token in a text', () => {
    for (const token of [`sk_live_${'a'.repeat(24)}`, `rk_test_${'b'.repeat(24)}`, `rt_${'c'.repeat(24)}`])
      expect(`before ${token} after`.replace(stripe.tokenPattern, '***')).toBe('before *** after');
    expect('in_1NuhUa2eZvKYlo2C py_x ch_y cart_itemised_1'.replace(stripe.tokenPattern, '***')).not.toContain('***');
  });
});
