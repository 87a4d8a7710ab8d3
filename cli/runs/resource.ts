import type { Resource } from '../resource.ts';
import { cancelRun } from './cancel.ts';
import { listRuns } from './list.ts';
import { showRun } from './show.ts';
import { startRun } from './start.ts';
import { watchRun } from './watch.ts';

export const runsResource: Resource = {
  name: 'runs',
  summary: 'start runs, follow and stop them',
  verbs: [startRun, listRuns, showRun, watchRun, cancelRun],
};
