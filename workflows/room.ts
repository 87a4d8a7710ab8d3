import { askAgentCore } from './agent-core.ts';
import { listenForDecisions } from './decisions.ts';
import type { Decisions } from './decisions.ts';
import type { OwnPlan } from './own-plan.ts';
import { createPause } from './pause.ts';
import type { Pause } from './pause.ts';
import { createWaiting } from './waiting.ts';
import type { Waiting } from './waiting.ts';
import { listenForProgress } from './progress.ts';
import type { Progress } from './progress.ts';

/** What a workflow has once, however many skills run in it. */
export interface Room {
  waiting: Waiting;
  decisions: Decisions;
  pause: Pause;
  own: OwnPlan;
  progress: Progress;
}

/** To be called first in a workflow: signals that came before its first line are taken then. */
export function openRoom({ ticket, run_id }: { ticket: string; run_id: string }, own: OwnPlan): Room {
  const waiting = createWaiting();
  const pause = createPause(waiting);
  const decisions = listenForDecisions(
    (decision_id) => askAgentCore(waiting, 'readDecision', { ticket, run_id, decision_id }, `decision ${decision_id}`),
    pause,
  );
  return { waiting, decisions, pause, own, progress: listenForProgress() };
}
