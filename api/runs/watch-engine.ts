import { and, eq } from 'drizzle-orm';
import type { CoreDatabase } from '../../db/client.ts';
import { runs } from '../../db/schema/core/runs.ts';
import type { Logger } from '../../platform/logger.ts';
import { systemScope } from '../http/scope.ts';
import type { WorkflowState } from '../temporal/describe.ts';
import type { RunEngine } from '../temporal/run-engine.ts';
import type { RunRow } from './find.ts';

/** A workflow task that failed this often fails for a reason that time does not heal: a bad deploy, a lost history. */
const MAX_ATTEMPTS = 2;
const MAX_CHILDREN = 20;
const WAITS_ON_ENGINE = 'engine';

/**
 * Marks a run whose workflow task, or that of a skill, keeps failing, and takes the mark away when it goes on. A failing
 * task applies no command, so the workflow cannot say so itself.
 */
export async function watchEngine(
  deps: { db: Pick<CoreDatabase, 'withOrg'>; engine: Pick<RunEngine, 'describe'>; logger: Logger },
  run: RunRow,
  state: WorkflowState,
): Promise<void> {
  const children = await Promise.all(state.openChildren.slice(0, MAX_CHILDREN).map((id) => deps.engine.describe(id)));
  const isStuck = [state, ...children].some((workflow) => (workflow?.taskAttempts ?? 0) > MAX_ATTEMPTS);
  const isMarked = run.waitingOn === WAITS_ON_ENGINE;
  if (isStuck === isMarked) return;
  if (isStuck) deps.logger.error({ run_id: run.runId, alert: 'engine' }, 'the workflow task of a run keeps failing');
  await deps.db.withOrg(systemScope(run.orgId, 'reconciler'), async (tx) => {
    await tx.db
      .update(runs)
      .set({ waitingOn: isStuck ? WAITS_ON_ENGINE : null })
      .where(and(eq(runs.orgId, tx.orgId), eq(runs.runId, run.runId), eq(runs.status, 'running')));
    const action = isStuck ? 'run.stuck' : 'run.unstuck';
    tx.audit({ action, objectType: 'run', objectId: run.runId, allowed: true });
  });
}
