import { and, desc, eq, like, lt, or } from 'drizzle-orm';
import { z } from 'zod';
import type { CoreDatabase } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { pageQuery, pageSchema, toPage, type Cursors } from '../../platform/http/page.ts';
import type { UiLinks } from '../../platform/temporal/web-ui.ts';
import { employeeIdSchema } from '../employees/views.ts';
import { runIdSchema } from '../runs/views.ts';
import { approvalStatusSchema, approvalView, toApprovalView } from './views.ts';

export const listApprovalsQuery = z.strictObject({
  ...pageQuery,
  status: approvalStatusSchema.optional(),
  run_id: runIdSchema.optional(),
  employee_id: employeeIdSchema.optional(),
});
export const approvalPage = pageSchema(approvalView);

/** The organisation's approvals, the newest first. */
export async function listApprovals(
  deps: { db: Pick<CoreDatabase, 'withOrgRead'>; cursors: Cursors; ui: UiLinks },
  orgId: string,
  query: z.infer<typeof listApprovalsQuery>,
): Promise<z.infer<typeof approvalPage>> {
  const list = `approvals|${query.status ?? ''}|${query.run_id ?? ''}|${query.employee_id ?? ''}`;
  const after = query.cursor === undefined ? undefined : deps.cursors.decode(list, orgId, query.cursor);
  const rows = await deps.db.withOrgRead({ orgId }, (tx) =>
    tx.db
      .select()
      .from(approvals)
      .where(
        and(
          eq(approvals.orgId, orgId),
          query.status && eq(approvals.status, query.status),
          query.run_id === undefined ? undefined : eq(approvals.runId, query.run_id),
          query.employee_id === undefined ? undefined : like(approvals.runId, `emp:${query.employee_id}\\_v%`),
          after &&
            or(lt(approvals.requestedAt, after.at), and(eq(approvals.requestedAt, after.at), lt(approvals.approvalId, after.id))),
        ),
      )
      .orderBy(desc(approvals.requestedAt), desc(approvals.approvalId))
      .limit(query.limit + 1),
  );
  const page = toPage(rows, query.limit, (row) => deps.cursors.encode(list, orgId, { at: row.requestedAt, id: row.approvalId }));
  return { ...page, items: page.items.map((row) => toApprovalView(row, deps.ui)) };
}
