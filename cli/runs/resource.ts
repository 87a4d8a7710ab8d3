import type { Resource } from '../resource.ts';
import { cancelRun, pauseRun, resumeRun, terminateRun } from './change.ts';
import { listRuns } from './list.ts';
import { retryRun, runAgain } from './make-again.ts';
import { showRun } from './show.ts';
import { startRun } from './start.ts';
import { watchRun } from './watch.ts';

export const runsResource: Resource = {
  name: 'runs',
  summary: 'start runs, follow, hold and stop them, and go on with those that failed',
  verbs: [startRun, listRuns, showRun, watchRun, pauseRun, resumeRun, cancelRun, terminateRun, retryRun, runAgain],
};
