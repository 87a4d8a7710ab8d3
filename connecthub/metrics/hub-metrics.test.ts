import { expect, test } from 'vitest';
import { ClancyError, type ErrorCode } from '../../contracts/errors.ts';
import { createMetrics } from '../../platform/metrics/metrics.ts';
import { parseExposition, type Exposition } from '../../test/metrics/exposition.ts';
import { createRegistry } from '../providers/registry.ts';
import { createHubMetrics, type HubMetrics } from './hub-metrics.ts';

const registry = createRegistry({ slack: { clientId: 'id', clientSecret: 'secret' } });
const post = registry.capability('slack/slack.post')!;

async function after(happens: (hub: HubMetrics) => void): Promise<Exposition> {
  const metrics = createMetrics({ version: '1', mode: 'staging' });
  happens(createHubMetrics(metrics, registry));
  return parseExposition(await metrics.text());
}

/** Series in which something has happened. */
const counted = (said: Exposition, name: string) => said.series(name).filter(({ value }) => value > 0);
const because = (code: ErrorCode) => new ClancyError(code, 'said to the caller only');

test.each<[string, { replayed: boolean } | ClancyError, number]>([
  ['succeeded', { replayed: false }, 0],
  ['replayed', { replayed: true }, 0],
  ['unknown', because('outcome_unknown'), 0],
  ['maybe', because('call_settling'), 0],
  ['in_flight', because('call_in_flight'), 0],
  ['refused', because('approval_required'), 1],
  ['refused', because('provider_refused'), 1],
])('an answer counts as %s', async (outcome, answer, refusals) => {
  const said = await after((hub) => hub.answered('slack', 'slack.post', answer));
  expect(counted(said, 'clancy_calls_total')).toEqual([
    { labels: { provider: 'slack', capability: 'slack.post', outcome }, value: 1 },
  ]);
  expect(said.sum('clancy_call_refusals_total')).toBe(refusals);
});

test('names of a caller that no provider has are one series', async () => {
  const said = await after((hub) => {
    for (const name of ['x', 'org_1', '../..', '"}\n', 'toString', '']) hub.answered(name, name, because('capability_unknown'));
    hub.answered('slack', 'email.send', because('capability_unknown'));
  });
  const nobody = { provider: 'other', capability: 'other', outcome: 'refused' };
  expect(counted(said, 'clancy_calls_total')).toEqual([{ labels: nobody, value: 7 }]);
});

test('an attempt counts with its time, and a 429 besides; a wait with whether it was too long', async () => {
  const said = await after((hub) => {
    hub.attempted(post, { state: 'maybe', reason: 'timed_out', isOver: false }, 2_000);
    const refusal = { code: 'provider_rate_limited', reason: 'ratelimited', retryable: true } as const;
    hub.attempted(post, { state: 'refused', refusal }, 100);
    hub.waited(post, { isSentAway: false, ms: 400 });
    hub.waited(undefined, { isSentAway: true, ms: 0 });
  });
  expect(said.value('clancy_provider_duration_seconds_sum', { provider: 'slack', outcome: 'maybe' })).toBe(2);
  expect(said.value('clancy_provider_duration_seconds_count', { provider: 'slack', outcome: 'refused' })).toBe(1);
  expect(said.value('clancy_provider_rate_limited_total', { provider: 'slack' })).toBe(1);
  expect(said.value('clancy_limit_wait_seconds_sum', { provider: 'slack', outcome: 'turn' })).toBe(0.4);
  expect(said.value('clancy_limit_wait_seconds_count', { provider: 'other', outcome: 'sent_away' })).toBe(1);
});

test('what a commit audits counts: states of calls, refreshes, decisions, answers of people', async () => {
  const calls = ['succeeded', 'refused', 'maybe', 'unknown', 'begin', 'settle'].map((word) => `call.${word}`);
  const refreshes = ['refresh', 'refresh_failed', 'needs_reauth', 'refresh_begin'].map((word) => `connection.${word}`);
  const actions = [...calls, ...refreshes, 'decision.sent', 'decision.postponed', 'receipt.resolve'];
  const said = await after((hub) =>
    hub.onCommitted(actions.map((action) => ({ action, objectType: 'call', objectId: 'emp:1', allowed: true }))),
  );
  for (const state of ['succeeded', 'refused', 'maybe', 'unknown']) {
    expect(said.value('clancy_call_states_total', { state })).toBe(1);
  }
  for (const outcome of ['refreshed', 'failed', 'needs_reauth']) {
    expect(said.value('clancy_token_refreshes_total', { outcome })).toBe(1);
  }
  for (const outcome of ['sent', 'postponed']) {
    expect(said.value('clancy_outbox_messages_total', { kind: 'receipt_resolved', outcome })).toBe(1);
  }
  expect(said.value('clancy_receipts_resolved_total')).toBe(1);
});
