import { condition } from '@temporalio/workflow';
import type { Decision } from '../contracts/agent-core-activities.ts';
import type { DecisionSignal } from '../contracts/run.ts';
import { showStatus } from './operator-view.ts';
import type { Waiting } from './waiting.ts';

export type PauseDecision = Extract<Decision, { kind: 'pause' | 'resume' }>;

/**
 * Whether people hold the run. While they do, no skill, burst or call is begun; what is under way is let finish. One per
 * workflow; a run hands what was decided on to its child workflows.
 */
export interface Pause {
  isPaused(): boolean;
  /** Returns at once when the run is not paused. */
  untilResumed(): Promise<void>;
  take(decision: PauseDecision): void;
  /** Tells the last decision, if there was one, and each later one, until the returned function is called. */
  follow(listener: (signal: DecisionSignal) => void): () => void;
  /** The workflow ends, paused or not. */
  end(): void;
}

export function createPause(waiting: Waiting): Pause {
  const listeners = new Set<(signal: DecisionSignal) => void>();
  let last: DecisionSignal | undefined;
  let isPaused = false;

  const untilResumed = (): Promise<void> => condition(() => !isPaused);

  return {
    isPaused: () => isPaused,
    untilResumed,
    take({ kind, decision_id, seq }) {
      last = { decision_id, seq };
      for (const listener of listeners) listener(last);
      if (isPaused === (kind === 'pause')) return;
      isPaused = kind === 'pause';
      showStatus(isPaused ? 'paused' : 'running');
      // A cancelled run ends in its own words: it does not wait here.
      if (isPaused) waiting.during('paused', untilResumed).catch(() => undefined);
    },
    follow(listener) {
      listeners.add(listener);
      if (last) listener(last);
      return () => void listeners.delete(listener);
    },
    end: () => {
      isPaused = false;
    },
  };
}
