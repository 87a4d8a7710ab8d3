import { and, eq, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { runs } from '../../db/schema/core/runs.ts';
import { statement } from '../../db/statement.ts';

export type RunRow = typeof runs.$inferSelect;

export function isOpen(run: Pick<RunRow, 'status'>): boolean {
  return run.status === 'requested' || run.status === 'running';
}

export function isPaused(run: Pick<RunRow, 'status' | 'pausedAt'>): boolean {
  return isOpen(run) && run.pausedAt !== null;
}

/**
 * What is made out of a rehearsal is another rehearsal, never a run that changes something.
 * @throws ClancyError `conflict`
 */
export function assertLive({ mode }: Pick<RunRow, 'mode'>): void {
  if (mode === 'live') return;
  throw new ClancyError('conflict', 'This run is a rehearsal: nothing goes on from it.', {
    next: 'POST /v1/employees/{id}/versions/{n}/rehearse rehearses again; POST /v1/employees/{id}/runs does it for real.',
  });
}

/**
 * The organisation's run; with `lock`, held until the transaction ends.
 * @throws ClancyError `not_found`, alike for another organisation's id and nobody's.
 */
export async function findRun(tx: OrgReadTx, runId: string, lock?: 'update'): Promise<RunRow> {
  const [row] = await (lock ? lockRun : selectRun)(tx.db).execute({ orgId: tx.orgId, runId });
  if (!row) throw new ClancyError('not_found', 'There is no such run.', { next: 'GET /v1/runs lists them.' });
  return row;
}

const isRun = and(eq(runs.orgId, sql.placeholder('orgId')), eq(runs.runId, sql.placeholder('runId')));
const selectRun = statement((db) => db.select().from(runs).where(isRun).prepare('select_run'));
const lockRun = statement((db) => db.select().from(runs).where(isRun).for('update').prepare('lock_run'));
