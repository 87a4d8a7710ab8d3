import { z } from 'zod';
import { ClancyError } from '../../../contracts/errors.ts';
import type { CoreDatabase, OrgTx } from '../../../db/client.ts';
import { closeRun } from '../../runs/close.ts';
import { closingResult } from '../../runs/closing-result.ts';
import { findRun, isOpen, type RunRow } from '../../runs/find.ts';
import type { RunEngine } from '../../temporal/run-engine.ts';
import { WAITS_FOR_WORKER } from '../lease.ts';
import type { OutboxHandler } from '../relay.ts';
import { markRunning, refuseForeign } from './start-run.ts';

/** The execution of `scheduledRun` that starts the run as its child. */
export const noteStartPayload = z.strictObject({ workflow_id: z.string(), temporal_run_id: z.string() });

/**
 * Notes the start of a run that its schedule's workflow starts, not we. Being the run's first message it holds back all
 * others until the workflow is there; a run whose starter has ended without starting it ends too.
 *
 * @throws ClancyError `dependency_unavailable` while neither is so.
 */
export function createNoteStartHandler(deps: {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  engine: Pick<RunEngine, 'describe'>;
}): OutboxHandler {
  return async (row) => {
    const starter = noteStartPayload.parse(row.payload);
    const run = await deps.db.withOrgRead(row, (tx) => findRun(tx, row.runId ?? ''));
    if (!isOpen(run)) return async () => undefined;
    const started = await lookFor(deps.engine, run);
    if (started) return started;
    const parent = await deps.engine.describe(starter.workflow_id, starter.temporal_run_id);
    if (parent?.status === 'RUNNING') {
      throw new ClancyError('dependency_unavailable', 'The run is about to start.', { extra: { waiting_on: WAITS_FOR_WORKER } });
    }
    // The starter may have started it after the first look and ended before the second.
    return (await lookFor(deps.engine, run)) ?? ((tx) => endUnstarted(tx, run.runId));
  };
}

async function lookFor(
  engine: Pick<RunEngine, 'describe'>,
  { runId, orgId, executionId }: RunRow,
): Promise<((tx: OrgTx) => Promise<void>) | undefined> {
  const state = await engine.describe(runId);
  if (!state) return undefined;
  const isOurs = state.orgId === orgId && state.executionId === executionId;
  return (tx) => (isOurs ? markRunning(tx, runId, state.firstRunId) : refuseForeign(tx, runId));
}

async function endUnstarted(tx: OrgTx, runId: string): Promise<void> {
  const run = await findRun(tx, runId, 'update');
  const error = "The schedule's workflow ended before it had started the run.";
  await closeRun(tx, run, closingResult(run, { status: 'interrupted', error }, new Date()), 'relay');
}
