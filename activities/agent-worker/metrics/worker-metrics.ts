import type { BurstResult } from '../../../contracts/burst.ts';
import type { Metrics } from '../../../platform/metrics/metrics.ts';
import { KEY_LOOKUPS, type KeyLookup } from '../../../platform/payloads/key-cache.ts';
import type { TokenUse } from '../../../platform/models/structured-model.ts';

const BURST_OUTCOMES = ['done', 'waiting', 'unavailable', 'failed', 'error'] as const;
type BurstOutcome = BurstResult['kind'] | 'error';
const MODEL_OUTCOMES = ['answered', 'unavailable', 'failed'] as const;
export type ModelOutcome = (typeof MODEL_OUTCOMES)[number];

/** A burst that asks no model lasts milliseconds. */
const BURST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120];
const MODEL_BUCKETS = [0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 120];

/** What a worker counts as it happens. */
export interface WorkerMetrics {
  burst(outcome: BurstOutcome, seconds: number): void;
  model(outcome: ModelOutcome, seconds: number): void;
  tokens(use: TokenUse): void;
  keyLookup(lookup: KeyLookup): void;
}

/** @param expressionsQueued how many evaluations wait for a thread */
export function createWorkerMetrics(metrics: Metrics, expressionsQueued: () => number): WorkerMetrics {
  const bursts = metrics.histogram({
    name: 'clancy_burst_duration_seconds',
    help: 'Time of bursts, by how they ended. `waiting`: for calls, people or time; `unavailable`: a model did not answer; `error`: nobody foresaw it.',
    labels: { outcome: BURST_OUTCOMES },
    buckets: BURST_BUCKETS,
  });
  const models = metrics.histogram({
    name: 'clancy_model_duration_seconds',
    help: 'Time of questions to the model. `unavailable`: it may be asked again; `failed`: its answer is of no use.',
    labels: { outcome: MODEL_OUTCOMES },
    buckets: MODEL_BUCKETS,
  });
  const tokens = metrics.counter({
    name: 'clancy_model_tokens_total',
    help: 'Tokens of answered questions, as the model counts them.',
    labels: { direction: ['input', 'output'] },
  });
  const lookups = metrics.counter({
    name: 'clancy_payload_key_lookups_total',
    help: 'Keys of payloads: at hand, asked for, used although asking failed (`stale`), or not to be had (`error`): then tasks wait.',
    labels: { outcome: KEY_LOOKUPS },
  });
  const queued = metrics.gauge({
    name: 'clancy_expressions_queued',
    help: 'Expressions that wait for a thread.',
  });
  metrics.beforeScrape({ name: 'process', refresh: async () => queued.set({}, expressionsQueued()), clear: queued.clear });
  return {
    burst: (outcome, seconds) => bursts.observe({ outcome }, seconds),
    model: (outcome, seconds) => models.observe({ outcome }, seconds),
    tokens: ({ input, output }) => {
      tokens.add({ direction: 'input' }, input);
      tokens.add({ direction: 'output' }, output);
    },
    keyLookup: (outcome) => lookups.add({ outcome }),
  };
}
