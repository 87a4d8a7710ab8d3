import { describe, expect, it } from 'vitest';
import { makeRunId } from '../../contracts/ids.ts';
import { RUN_TICKET_LIFETIME_SECONDS } from '../../platform/auth/run-ticket.ts';
import { assertWithinHorizon, CALL_KEY_HORIZON_DAYS } from './horizon.ts';

const NOW = new Date('2026-06-09T18:00:00.000Z');
const check = (at: string) => () => assertWithinHorizon(makeRunId({ employee: '0'.repeat(26), version: 1, at }), NOW);

describe('the horizon of call ids', () => {
  it('is longer than a run and three retries can last', () => {
    expect(CALL_KEY_HORIZON_DAYS * 86_400).toBeGreaterThan(4 * RUN_TICKET_LIFETIME_SECONDS);
  });

  it.each(['2026-06-09T18:00Z', '2026-06-09T17:59:59.999Z', '2025-05-05T18:00:00.000Z', '2026-06-09T18:05:00.000Z'])(
    'lets %s pass',
    (at) => expect(check(at)).not.toThrow(),
  );

  it.each([
    ['2025-05-05T17:59:59.999Z', 'call_id_expired'],
    ['2025-05-05T17:59Z', 'call_id_expired'],
    ['0000-01-01T00:00Z', 'call_id_expired'],
    ['2026-06-09T18:05:00.001Z', 'invalid_request'],
    ['2026-13-09T18:00Z', 'invalid_request'],
  ])('refuses %s with %s', (at, code) => expect(check(at)).toThrow(expect.objectContaining({ code })));
});
