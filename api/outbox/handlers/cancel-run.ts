import { z } from 'zod';
import type { CoreDatabase } from '../../../db/client.ts';
import { findRun, isOpen } from '../../runs/find.ts';
import type { RunEngine } from '../../temporal/run-engine.ts';
import type { OutboxHandler } from '../relay.ts';

export const cancelPayload = z.strictObject({ decision_id: z.uuid(), terminate: z.string().optional() });

/**
 * Carries a cancellation. A run that is open ends in its own words. The workflow of one that is closed here must not go
 * on: it was terminated, or closed before its start and started by an attempt whose answer got lost.
 */
export function createCancelRunHandler(deps: {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  engine: Pick<RunEngine, 'cancel' | 'terminate'>;
}): OutboxHandler {
  return async (row) => {
    const { terminate = 'cancelled before its start' } = cancelPayload.parse(row.payload);
    const run = await deps.db.withOrgRead(row, (tx) => findRun(tx, row.runId ?? ''));
    if (isOpen(run)) await deps.engine.cancel(run.runId);
    else await deps.engine.terminate(run.runId, terminate);
    return async () => undefined;
  };
}
