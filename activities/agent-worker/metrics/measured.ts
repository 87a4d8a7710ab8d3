import type { WorkerActivities } from '../../../contracts/run.ts';
import { ModelUnavailable, type StructuredModel } from '../models/structured-model.ts';
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
export function measuredModel(model: StructuredModel, metrics: Pick<WorkerMetrics, 'model'>): StructuredModel {
  return {
    answer: async (question) => {
      const seconds = stopwatch();
      try {
        const answer = await model.answer(question);
        metrics.model('answered', seconds());
        return answer;
      } catch (error) {
        metrics.model(error instanceof ModelUnavailable ? 'unavailable' : 'failed', seconds());
        throw error;
      }
    },
  };
}

function stopwatch(): () => number {
  const startMs = performance.now();
  return () => (performance.now() - startMs) / 1_000;
}
