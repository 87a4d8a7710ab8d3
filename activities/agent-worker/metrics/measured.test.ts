import { expect, test } from 'vitest';
import { ClancyError } from '../../../contracts/errors.ts';
import type { BurstInput, BurstResult } from '../../../contracts/burst.ts';
import { createMetrics } from '../../../platform/metrics/metrics.ts';
import { parseExposition } from '../../../test/metrics/exposition.ts';
import { ModelUnavailable } from '../../../platform/models/structured-model.ts';
import { measuredBursts, measuredModel } from './measured.ts';
import { createWorkerMetrics } from './worker-metrics.ts';

function worker() {
  const metrics = createMetrics({ version: '1', mode: 'staging' });
  const counts = createWorkerMetrics(metrics, () => 3);
  return { counts, said: async () => parseExposition(await metrics.text()) };
}

const input = {} as BurstInput; // handed through unread
const thread = { skill_run: 'emp:1:skill:a', items: [] };

test('a burst counts by how it ended and goes on as it is', async () => {
  const { counts, said } = worker();
  const done: BurstResult = { thread, micro_agents: [], kind: 'done', output: 1, count: 0 };
  expect(await measuredBursts(async () => done, counts)(input)).toBe(done);
  const broken = measuredBursts(() => Promise.reject(new TypeError('nobody foresaw it')), counts);
  await expect(broken(input)).rejects.toThrow('nobody foresaw it');
  expect((await said()).value('clancy_burst_duration_seconds_count', { outcome: 'done' })).toBe(1);
  expect((await said()).value('clancy_burst_duration_seconds_count', { outcome: 'error' })).toBe(1);
});

test.each([
  ['answered', undefined],
  ['unavailable', new ModelUnavailable('away', 1_000)],
  ['failed', new ClancyError('model_failed', 'no JSON')],
])('a question to the model counts as %s', async (outcome, error) => {
  const { counts, said } = worker();
  const model = measuredModel(
    { answer: () => (error ? Promise.reject(error) : Promise.resolve({ ok: true })), next: async () => [] },
    counts,
  );
  const question = { instructions: '', data: null, schema: {} };
  const [result] = await Promise.allSettled([model.answer(question)]);
  expect(result).toMatchObject(error ? { reason: error } : { value: { ok: true } });
  expect((await said()).value('clancy_model_duration_seconds_count', { outcome })).toBe(1);
});

test('tokens and lookups of keys count, and expressions without a thread are shown', async () => {
  const { counts, said } = worker();
  counts.tokens({ input: 120, output: 30 });
  counts.keyLookup('stale');
  const text = await said();
  expect(text.value('clancy_model_tokens_total', { direction: 'input' })).toBe(120);
  expect(text.value('clancy_model_tokens_total', { direction: 'output' })).toBe(30);
  expect(text.value('clancy_payload_key_lookups_total', { outcome: 'stale' })).toBe(1);
  expect(text.value('clancy_expressions_queued')).toBe(3);
});
