import { and, eq } from 'drizzle-orm';
import type { CoreDatabase } from '../../db/client.ts';
import { runs } from '../../db/schema/core/runs.ts';
import type { Logger } from '../../platform/logger.ts';
import { within } from '../../platform/telemetry/spans.ts';
import { systemScope } from '../http/scope.ts';
import type { WorkflowState } from '../temporal/describe.ts';
import type { RunEngine } from '../temporal/run-engine.ts';
import type { RunRow } from './find.ts';

const MAX_CHILDREN = 20;
const MARKS = ['engine', 'worker'] as const;
const MESSAGES = { engine: 'the tasks of a run keep failing', worker: 'nobody takes the tasks of a run' };

/**
 * Marks a run whose tasks, or those of a skill, keep failing (`engine`) or are taken by nobody (`worker`), and takes the
 * mark away when it goes on. A failing task applies no command, so the workflow cannot say so itself.
 */
export async function watchEngine(
  deps: { db: Pick<CoreDatabase, 'withOrg'>; engine: Pick<RunEngine, 'describe'>; logger: Logger },
  run: RunRow,
  state: WorkflowState,
): Promise<void> {
  const children = await Promise.all(state.openChildren.slice(0, MAX_CHILDREN).map((id) => deps.engine.describe(id)));
  const stuckOn = MARKS.find((mark) => [state, ...children].some((workflow) => workflow?.stuckOn === mark));
  if (stuckOn === MARKS.find((mark) => mark === run.waitingOn)) return;
  if (stuckOn) {
    // A task that came too late on a busy machine looks so for a moment: what says that it goes on is logged as well.
    within(run.traceparent, () => deps.logger.warn({ run_id: run.runId, alert: stuckOn }, MESSAGES[stuckOn]));
  }
  await deps.db.withOrg(systemScope(run.orgId, 'reconciler'), async (tx) => {
    await tx.db
      .update(runs)
      .set({ waitingOn: stuckOn ?? null })
      .where(and(eq(runs.orgId, tx.orgId), eq(runs.runId, run.runId), eq(runs.status, 'running')));
    const action = stuckOn ? 'run.stuck' : 'run.unstuck';
    tx.audit({
      action,
      objectType: 'run',
      objectId: run.runId,
      allowed: true,
      ...(stuckOn && { details: { waits_on: stuckOn } }),
    });
  });
}
