import { and, eq } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { runs } from '../../db/schema/core/runs.ts';

export type RunRow = typeof runs.$inferSelect;

export function isOpen(run: Pick<RunRow, 'status'>): boolean {
  return run.status === 'requested' || run.status === 'running';
}

export function isPaused(run: Pick<RunRow, 'status' | 'pausedAt'>): boolean {
  return isOpen(run) && run.pausedAt !== null;
}

/**
 * The organisation's run; with `lock`, held until the transaction ends.
 * @throws ClancyError `not_found`, alike for another organisation's id and nobody's.
 */
export async function findRun(tx: OrgReadTx, runId: string, lock?: 'update'): Promise<RunRow> {
  const query = tx.db
    .select()
    .from(runs)
    .where(and(eq(runs.orgId, tx.orgId), eq(runs.runId, runId)));
  const [row] = await (lock ? query.for(lock) : query);
  if (!row) throw new ClancyError('not_found', 'There is no such run.', { next: 'GET /v1/runs lists them.' });
  return row;
}
