import { describe, expect, it } from 'vitest';
import { readStripeAnswer } from './answers.ts';

const answer = (status: number, error?: object, headers: { [name: string]: string } = {}) =>
  readStripeAnswer({
    status,
    headers,
    body: JSON.stringify(error ? { error: { type: 'invalid_request_error', ...error } } : { id: 'x' }),
  });

describe('an answer of Stripe', () => {
  it('is a yes only with a readable object', () => {
    expect(answer(200)).toEqual({ kind: 'ok', body: { id: 'x' } });
    expect(answer(200, { code: 'x' })).toMatchObject({ kind: 'uncertain', isOver: true });
    expect(readStripeAnswer({ status: 200, headers: {}, body: '<html>' })).toMatchObject({ kind: 'uncertain', isOver: true });
  });

  it.each([400, 402, 404])('is a no at %d', (status) => {
    expect(answer(status, { code: 'charge_already_refunded' })).toMatchObject({
      kind: 'refused',
      reason: 'charge_already_refunded',
      retryable: false,
    });
  });

  it.each([
    [500, true],
    [502, false],
    [504, false],
    [302, true],
  ])('says nothing at %d, kept or not', (status, isOver) => {
    expect(answer(status, { type: 'api_error' })).toMatchObject({ kind: 'uncertain', isOver });
    expect(answer(status, { type: 'api_error' }, { 'idempotent-replayed': 'true' })).toMatchObject({ kind: 'uncertain', isOver });
  });

  it('says nothing while another request has the key', () => {
    const said = answer(409, { type: 'idempotency_error', code: 'idempotency_key_in_use' });
    expect(said).toEqual({ kind: 'uncertain', reason: 'idempotency_key_in_use', isOver: false });
  });

  it('that is kept under our key stays a no, whatever changes', () => {
    expect(answer(400, { code: 'resource_missing' })).toMatchObject({ retryable: true });
    expect(answer(400, { code: 'resource_missing' }, { 'idempotent-replayed': 'true' })).toMatchObject({ retryable: false });
  });

  it('may be about the token or about the time', () => {
    expect(answer(401)).toMatchObject({ kind: 'refused', grant: 'expired' });
    expect(answer(403, { code: 'account_invalid' })).toMatchObject({ grant: 'expired' });
    expect(answer(429, { code: 'rate_limit' }, { 'retry-after': '3' })).toMatchObject({ retryAfterMs: 3_000 });
    expect(answer(429, { code: 'rate_limit' }, { 'retry-after': 'soon' })).toMatchObject({ retryAfterMs: 2_000 });
    expect(answer(429, { code: 'lock_timeout' })).toMatchObject({ code: 'provider_unavailable', retryAfterMs: 1_000 });
  });

  it('has no words of anybody else’s in it', () => {
    expect(answer(400, { code: 'Say <b>this</b>' })).toMatchObject({ reason: 'unreadable_answer' });
  });
});
