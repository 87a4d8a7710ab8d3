import { and, desc, eq, inArray, isNotNull, isNull, lt, or } from 'drizzle-orm';
import { z } from 'zod';
import type { CoreDatabase } from '../../db/client.ts';
import { runs } from '../../db/schema/core/runs.ts';
import { employeeIdSchema } from '../employees/views.ts';
import { pageQuery, pageSchema, toPage, type Cursors } from '../../platform/http/page.ts';
import type { UiLinks } from '../../platform/temporal/web-ui.ts';
import type { WaitingReader } from './waiting.ts';
import { runStatusSchema, runSummary, toRunSummary } from './views.ts';

export const listRunsQuery = z.strictObject({
  ...pageQuery,
  employee_id: employeeIdSchema.optional(),
  status: runStatusSchema.optional(),
  /** Rehearsals are listed only when they are asked for. */
  mode: z.enum(['live', 'rehearsal', 'all']).default('live'),
});
export const runPage = pageSchema(runSummary);

export interface ListRunsDeps {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  cursors: Cursors;
  waiting: WaitingReader;
  ui: UiLinks;
}

/** The organisation's runs, the newest first. */
export async function listRuns(
  deps: ListRunsDeps,
  orgId: string,
  query: z.infer<typeof listRunsQuery>,
): Promise<z.infer<typeof runPage>> {
  const list = `runs|${query.employee_id ?? ''}|${query.status ?? ''}|${query.mode}`;
  const after = query.cursor === undefined ? undefined : deps.cursors.decode(list, orgId, query.cursor);
  const rows = await deps.db.withOrgRead({ orgId }, (tx) =>
    tx.db
      .select()
      .from(runs)
      .where(
        and(
          eq(runs.orgId, orgId),
          query.employee_id === undefined ? undefined : eq(runs.employeeId, query.employee_id),
          query.status && hasStatus(query.status),
          query.mode === 'all' ? undefined : eq(runs.mode, query.mode),
          after && or(lt(runs.requestedAt, after.at), and(eq(runs.requestedAt, after.at), lt(runs.runId, after.id))),
        ),
      )
      .orderBy(desc(runs.requestedAt), desc(runs.runId))
      .limit(query.limit + 1),
  );
  const page = toPage(rows, query.limit, (row) => deps.cursors.encode(list, orgId, { at: row.requestedAt, id: row.runId }));
  const waiting = await deps.waiting.ofMany(page.items);
  return { ...page, items: page.items.map((row) => toRunSummary(row, waiting.get(row.runId) ?? [], deps.ui)) };
}

/** As the view shows it. */
function hasStatus(status: z.infer<typeof runStatusSchema>) {
  if (status === 'paused') return and(inArray(runs.status, ['requested', 'running']), isNotNull(runs.pausedAt));
  const isOpen = status === 'requested' || status === 'running';
  return and(eq(runs.status, status), isOpen ? isNull(runs.pausedAt) : undefined);
}
