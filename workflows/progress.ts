import { CancellationScope, defineSignal, getExternalWorkflowHandle, setHandler, workflowInfo } from '@temporalio/workflow';
import { PROGRESS_SIGNAL } from '../contracts/run.ts';
import type { ProgressSignal } from '../contracts/run.ts';

const progressSignal = defineSignal<[ProgressSignal]>(PROGRESS_SIGNAL);

/** What skill runs that were cancelled had done until then. */
export interface Progress {
  of(skillRun: string): Partial<ProgressSignal['progress']>;
}

export function listenForProgress(): Progress {
  const told = new Map<string, ProgressSignal['progress']>();
  setHandler(progressSignal, ({ skill_run, progress }) => void told.set(skill_run, progress));
  return { of: (skillRun) => told.get(skillRun) ?? {} };
}

/** To be called by a skill run just before it ends as cancelled. A run that has ended needs to hear nothing. */
export async function tellRun(told: ProgressSignal): Promise<void> {
  const { parent } = workflowInfo();
  if (!parent) return;
  const run = getExternalWorkflowHandle(parent.workflowId, parent.runId);
  await CancellationScope.nonCancellable(() => run.signal(progressSignal, told)).catch(() => undefined);
}
