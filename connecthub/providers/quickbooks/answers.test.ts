import { describe, expect, it } from 'vitest';
import { readQuickBooksAnswer } from './answers.ts';

const answer = (status: number, body: unknown, headers: { [name: string]: string } = {}) =>
  readQuickBooksAnswer({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
const fault = (code: string, type = 'ValidationFault') => ({
  Fault: { Error: [{ Message: 'No', Detail: 'Because', code, element: '' }], type },
  time: '2026-11-23T08:00:00.000-08:00',
});
const gatewayFault = (code: string) => ({ fault: { error: [{ message: 'No', detail: '', code }], type: 'AUTHENTICATION' } });

describe('an answer of QuickBooks', () => {
  it.each([
    [401, fault('3200', 'AuthenticationFault')],
    [401, gatewayFault('003200')],
    [401, ''],
  ])('says that the access token has ended: %s %j', (status, body) => {
    expect(answer(status, body)).toMatchObject({
      kind: 'refused',
      code: 'provider_unavailable',
      grant: 'expired',
      retryable: true,
    });
  });

  it.each([
    [401, fault('120', 'AuthorizationFault')],
    [403, gatewayFault('003100')],
  ])('says that the grant is gone: %s %j', (status, body) => {
    expect(answer(status, body)).toMatchObject({ kind: 'refused', code: 'connection_needs_reauth', grant: 'dead' });
  });

  it.each([
    [429, ''],
    [400, fault('003001', 'ThrottlingFault')],
    [200, fault('3001')],
  ])('asks to wait for a minute: %s %j', (status, body) => {
    expect(answer(status, body)).toMatchObject({ kind: 'refused', code: 'provider_rate_limited', retryAfterMs: 60_000 });
  });

  it('asks to wait for longer where it says so', () => {
    expect(answer(429, '', { 'retry-after': '90' })).toMatchObject({ retryAfterMs: 90_000 });
    expect(answer(429, '', { 'retry-after': '1' })).toMatchObject({ retryAfterMs: 60_000 });
  });

  it.each([
    ['6240', 'duplicate_name', false],
    ['610', 'not_found', true],
    ['5010', 'stale_object', true],
    ['6140', 'duplicate_number', false],
    ['2500', 'invalid_reference', true],
    ['6210', 'period_closed', true],
    ['9999', 'fault_9999', true],
    ["'; drop", 'http_400', true],
  ])('refuses by fault %s: %s', (code, reason, retryable) => {
    expect(answer(400, fault(code))).toMatchObject({ kind: 'refused', code: 'provider_refused', reason, retryable });
  });

  it('refuses without a fault by its status', () => {
    expect(answer(404, '<html>')).toMatchObject({ kind: 'refused', reason: 'http_404' });
    expect(answer(403, {})).toMatchObject({ kind: 'refused', reason: 'http_403' });
  });

  it.each([
    [500, fault('10000', 'SystemFault'), true],
    [503, '', true],
    [502, '<html>', false],
    [504, '', false],
    [408, '', false],
    [302, '', true],
    [200, '<html><h1>upstream', true],
    [200, '[]', true],
    [200, { Fault: 'what' }, true],
    [400, fault('10000', 'SystemFault'), true],
  ])('leaves open what was done: %s %j', (status, body, isOver) => {
    expect(answer(status, body)).toMatchObject({ kind: 'uncertain', isOver });
  });

  it('is what was asked for', () => {
    expect(answer(200, { Invoice: { Id: '1' } })).toEqual({ kind: 'ok', body: { Invoice: { Id: '1' } } });
  });
});
