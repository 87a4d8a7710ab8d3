import { Context } from '@temporalio/activity';
import type { WorkerActivities } from '../../contracts/worker-activities.ts';
import { orCancelled } from './cancellation.ts';
import { runBurst } from './graph/burst.ts';
import type { BurstDeps } from './graph/burst.ts';
import { withHeartbeats } from './heartbeats.ts';

/** The activity `runSkillBurst`: local for a burst that asks no model, with heartbeats for one that may. */
export function createRunSkillBurst(deps: BurstDeps): WorkerActivities['runSkillBurst'] {
  return async (input) => {
    const signal = Context.current().cancellationSignal;
    return orCancelled(() => withHeartbeats({ phase: 'burst' }, () => runBurst(input, deps, signal)));
  };
}
