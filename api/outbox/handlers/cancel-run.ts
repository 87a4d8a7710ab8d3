import { z } from 'zod';
import type { CoreDatabase } from '../../../db/client.ts';
import { findRun, isOpen } from '../../runs/find.ts';
import type { RunEngine } from '../../temporal/run-engine.ts';
import type { OutboxHandler } from '../relay.ts';

export const cancelPayload = z.strictObject({ decision_id: z.uuid() });

/**
 * Carries a cancellation. A run that is open ends in its own words; one that was closed before its start may have been
 * started by an attempt whose answer got lost, and that workflow must not go on.
 */
export function createCancelRunHandler(deps: {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  engine: Pick<RunEngine, 'cancel' | 'terminate'>;
}): OutboxHandler {
  return async (row) => {
    cancelPayload.parse(row.payload);
    const run = await deps.db.withOrgRead(row, (tx) => findRun(tx, row.runId ?? ''));
    if (isOpen(run)) await deps.engine.cancel(run.runId);
    else await deps.engine.terminate(run.runId, 'cancelled before its start');
    return async () => undefined;
  };
}
