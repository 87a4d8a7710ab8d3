import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from './ledger-entry.ts';
import { nextStep, type Asked } from './next-step.ts';

const asked: Asked = { callId: 'call', key: 'call', risk: 'write', digest: '0123456789abcdef', isSameAs: () => true };

function entry(changes: Partial<LedgerEntry>): LedgerEntry {
  return {
    key: 'call',
    digest: asked.digest,
    capability: 'slack/slack.post',
    capabilityVersion: 1,
    connectionId: 'conn_1',
    runId: 'run',
    employeeId: 'employee',
    risk: 'write',
    idempotency: 'lookup',
    state: 'in_flight',
    retryable: false,
    fence: 1,
    nativeKey: 'key',
    result: null,
    providerEffectId: null,
    error: null,
    createdAt: new Date(0),
    ageMs: 0,
    leaseLeftMs: 1_000,
    settleInMs: 1_000,
    ...changes,
  };
}

const kind = (changes: Partial<LedgerEntry>, how: Partial<Asked> = {}) => nextStep(entry(changes), { ...asked, ...how }).kind;

describe('the next step of a call', () => {
  it('is an attempt when nothing is known of it', () => {
    expect(nextStep(undefined, asked)).toEqual({ kind: 'attempt' });
  });

  it.each([
    [{ state: 'succeeded' }, 'replay'],
    [{ state: 'refused', retryable: false }, 'refuse'],
    [{ state: 'refused', retryable: true }, 'attempt'],
    [{ state: 'unknown' }, 'unknown'],
    [{ state: 'in_flight', leaseLeftMs: 1 }, 'in_flight'],
    [{ state: 'in_flight', leaseLeftMs: 0 }, 'settle'],
    [{ state: 'maybe', settleInMs: 1 }, 'settling'],
    [{ state: 'maybe', settleInMs: 0 }, 'settle'],
  ] as [Partial<LedgerEntry>, string][])('after %o is %s', (changes, expected) => {
    expect(kind(changes)).toBe(expected);
  });

  it.each([
    [{ state: 'succeeded' }, 'conflict'],
    [{ state: 'refused', retryable: false }, 'refuse'],
    [{ state: 'unknown' }, 'unknown'],
    [{ state: 'in_flight', leaseLeftMs: 1 }, 'in_flight'],
    [{ state: 'in_flight', leaseLeftMs: 0 }, 'settle'],
    [{ state: 'maybe', settleInMs: 1 }, 'settling'],
    [{ state: 'maybe', settleInMs: 0 }, 'settle'],
  ] as [Partial<LedgerEntry>, string][])('with another digest after %o is %s', (changes, expected) => {
    expect(kind(changes, { isSameAs: () => false })).toBe(expected);
    expect(kind(changes, { isSameAs: () => false, risk: undefined })).toBe(expected);
  });

  it('with another digest is allowed after a retryable refusal', () => {
    expect(kind({ state: 'refused', retryable: true }, { isSameAs: () => false })).toBe('attempt');
  });

  it('with another digest runs a read under a key of its own, once', () => {
    const read = { risk: 'read' as const, isSameAs: () => false };
    expect(nextStep(entry({ state: 'succeeded' }), { ...asked, ...read })).toEqual({ kind: 'variant', key: 'call~01234567' });
    expect(kind({ state: 'succeeded' }, { ...read, key: 'call~01234567' })).toBe('conflict');
  });

  it('says how long to wait', () => {
    expect(nextStep(entry({ state: 'in_flight', leaseLeftMs: 700 }), asked)).toEqual({ kind: 'in_flight', retryAfterMs: 700 });
    expect(nextStep(entry({ state: 'maybe', settleInMs: 300 }), asked)).toEqual({ kind: 'settling', retryAfterMs: 300 });
  });
});
