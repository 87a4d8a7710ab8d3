import type { WorkerActivities } from '../../../contracts/worker-activities.ts';
import { ModelUnavailable, type Model } from '../../../platform/models/structured-model.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

/** The same activity; each burst is counted with its outcome and its time. */
export function measuredBursts(
  run: WorkerActivities['runSkillBurst'],
  metrics: Pick<WorkerMetrics, 'burst'>,
): WorkerActivities['runSkillBurst'] {
  return async (input) => {
    const seconds = stopwatch();
    try {
      const result = await run(input);
      metrics.burst(result.kind, seconds());
      return result;
    } catch (error) {
      metrics.burst('error', seconds());
      throw error;
    }
  };
}

/** The same model; each question is counted with its outcome and its time. */
export function measuredModel(model: Model, metrics: Pick<WorkerMetrics, 'model'>): Model {
  async function measured<T>(ask: () => Promise<T>): Promise<T> {
    const seconds = stopwatch();
    try {
      const answer = await ask();
      metrics.model('answered', seconds());
      return answer;
    } catch (error) {
      metrics.model(error instanceof ModelUnavailable ? 'unavailable' : 'failed', seconds());
      throw error;
    }
  }
  return {
    answer: (question) => measured(() => model.answer(question)),
    next: (question) => measured(() => model.next(question)),
  };
}

function stopwatch(): () => number {
  const startMs = performance.now();
  return () => (performance.now() - startMs) / 1_000;
}
