import { describe, expect, test } from 'vitest';
import { readOutcome } from './outcome.ts';
import type { Reading } from './outcome.ts';
import type { Answer } from './post-json.ts';

const call = { call_id: 'the-call', capability: 'slack/slack.post' };
const approval = {
  digest: 'd',
  capability: 'slack/slack.post',
  capability_version: 1,
  connection_id: 'conn',
  account_name: 'Acme',
  parameters: { text: 'x' },
  approvers: [],
  timeout_seconds: 60,
  on_timeout: 'reject',
  reason: 'writes ask',
};

function problem(status: number, code: string, more: object = {}): Answer {
  return { status, body: { type: 't', title: code, status, detail: `about ${code}`, code, ...more } };
}

const rows: [string, Answer, Partial<Reading>][] = [
  [
    '200',
    {
      status: 200,
      body: { call_id: 'the-call', status: 'succeeded', result: { ts: 1 }, provider_effect_id: 'e', replayed: false },
    },
    { kind: 'succeeded', call_id: 'the-call', result: { ts: 1 }, provider_effect_id: 'e' },
  ],
  [
    '200 without an effect id',
    { status: 200, body: { call_id: 'the-call', status: 'succeeded', result: null } },
    { kind: 'succeeded', result: null },
  ],
  ['200 of another call', { status: 200, body: { call_id: 'other', status: 'succeeded', result: {} } }, { kind: 'away' }],
  ['200 that is no success', { status: 200, body: '<html>' }, { kind: 'away' }],
  ['401', problem(401, 'unauthenticated'), { kind: 'unauthenticated', code: 'unauthenticated' }],
  ['401 for the ticket', problem(401, 'ticket_invalid'), { kind: 'unauthenticated', code: 'ticket_invalid' }],
  [
    '403 approval_required',
    problem(403, 'approval_required', { approval }),
    { kind: 'approval_required', call_id: 'the-call', ask: { ...approval, on_timeout: 'reject' } },
  ],
  [
    '403 approval_required without saying for what',
    problem(403, 'approval_required'),
    { kind: 'refused', code: 'approval_required' },
  ],
  [
    '403 policy_denied',
    problem(403, 'policy_denied'),
    { kind: 'refused', call_id: 'the-call', code: 'policy_denied', message: 'about policy_denied' },
  ],
  ['403 grant_missing', problem(403, 'grant_missing'), { kind: 'refused', code: 'grant_missing' }],
  ['400 parameters_invalid', problem(400, 'parameters_invalid'), { kind: 'refused', code: 'parameters_invalid' }],
  ['409 connection_needs_reauth', problem(409, 'connection_needs_reauth'), { kind: 'refused', code: 'connection_needs_reauth' }],
  ['409 call_digest_conflict', problem(409, 'call_digest_conflict'), { kind: 'refused', code: 'call_digest_conflict' }],
  [
    '409 call_digest_conflict with a question',
    problem(409, 'call_digest_conflict', { approval, stands: { parameters: { text: 'y' } }, receipt: {} }),
    { kind: 'conflict', call_id: 'the-call', ask: { ...approval, on_timeout: 'reject' }, stands: { parameters: { text: 'y' } } },
  ],
  [
    '409 call_digest_conflict that does not say what stands',
    problem(409, 'call_digest_conflict', { approval }),
    { kind: 'refused', code: 'call_digest_conflict' },
  ],
  ['403 budget_exceeded', problem(403, 'budget_exceeded'), { kind: 'refused', code: 'budget_exceeded' }],
  ['403 quota_exceeded', problem(403, 'quota_exceeded'), { kind: 'refused', code: 'quota_exceeded' }],
  ['410 call_id_expired', problem(410, 'call_id_expired'), { kind: 'refused', code: 'call_id_expired' }],
  ['409 run_paused', problem(409, 'run_paused'), { kind: 'wait', waiting_on: 'paused', code: 'run_paused' }],
  ['409 run_closed', problem(409, 'run_closed'), { kind: 'refused', code: 'run_closed' }],
  ['422 provider_refused', problem(422, 'provider_refused'), { kind: 'refused', code: 'provider_refused' }],
  [
    '409 outcome_unknown',
    problem(409, 'outcome_unknown'),
    { kind: 'unknown', call_id: 'the-call', message: 'about outcome_unknown' },
  ],
  [
    '409 call_in_flight',
    { ...problem(409, 'call_in_flight'), retryAfterMs: 3_000 },
    { kind: 'wait', waiting_on: 'connecthub', retry_after_ms: 3_000, code: 'call_in_flight' },
  ],
  [
    '409 call_settling',
    { ...problem(409, 'call_settling'), retryAfterMs: 5_000 },
    { kind: 'wait', waiting_on: 'provider:slack', retry_after_ms: 5_000, code: 'call_settling' },
  ],
  [
    '429 calls_limited',
    { ...problem(429, 'calls_limited'), retryAfterMs: 2_000 },
    { kind: 'wait', waiting_on: 'quota', retry_after_ms: 2_000, code: 'calls_limited' },
  ],
  [
    '429 provider_rate_limited',
    { ...problem(429, 'provider_rate_limited'), retryAfterMs: 30_000 },
    { kind: 'wait', waiting_on: 'provider:slack', retry_after_ms: 30_000, code: 'provider_rate_limited' },
  ],
  [
    '503 provider_unavailable',
    problem(503, 'provider_unavailable'),
    { kind: 'wait', waiting_on: 'provider:slack', retry_after_ms: 1_000, code: 'provider_unavailable' },
  ],
  ['503 dependency_unavailable', problem(503, 'dependency_unavailable'), { kind: 'away' }],
  ['500 internal', problem(500, 'internal'), { kind: 'away' }],
  ['502 of a proxy in between', { status: 502, body: undefined }, { kind: 'away' }],
  ['404 of a server that is not ConnectHub', { status: 404, body: { message: 'no route' } }, { kind: 'away' }],
  ['a code of a later version', problem(409, 'something_new'), { kind: 'away' }],
];

describe('an answer of ConnectHub', () => {
  test.each(rows)('%s', (_what, answer, expected) => {
    expect(readOutcome(call, answer)).toMatchObject(expected);
  });
});
