import { and, arrayContains, desc, eq, lt, or } from 'drizzle-orm';
import { z } from 'zod';
import type { CoreDatabase } from '../../db/client.ts';
import { employees } from '../../db/schema/core/employees.ts';
import { pageQuery, pageSchema, toPage, type Cursors } from '../../platform/http/page.ts';
import type { UiLinks } from '../../platform/temporal/web-ui.ts';
import { labelSchema } from './labels.ts';
import { withoutOwner } from './owner.ts';
import { employeeView, toEmployeeView } from './views.ts';

export const listEmployeesQuery = z.strictObject({
  ...pageQuery,
  status: z.enum(['draft', 'active', 'retired']).optional(),
  /** Only those with this label. */
  label: labelSchema.optional(),
});
export const employeePage = pageSchema(employeeView);

/** The organisation's employees, the newest first. */
export async function listEmployees(
  deps: { db: Pick<CoreDatabase, 'withOrgRead'>; cursors: Cursors; ui: UiLinks },
  orgId: string,
  query: z.infer<typeof listEmployeesQuery>,
): Promise<z.infer<typeof employeePage>> {
  const list = `employees|${query.status ?? ''}|${query.label ?? ''}`;
  const after = query.cursor === undefined ? undefined : deps.cursors.decode(list, orgId, query.cursor);
  const { rows, ownerless } = await deps.db.withOrgRead({ orgId }, async (tx) => {
    const found = await tx.db
      .select()
      .from(employees)
      .where(
        and(
          eq(employees.orgId, orgId),
          query.status && eq(employees.status, query.status),
          query.label === undefined ? undefined : arrayContains(employees.labels, [query.label]),
          after &&
            or(lt(employees.createdAt, after.at), and(eq(employees.createdAt, after.at), lt(employees.employeeId, after.id))),
        ),
      )
      .orderBy(desc(employees.createdAt), desc(employees.employeeId))
      .limit(query.limit + 1);
    return { rows: found, ownerless: await withoutOwner(tx, found) };
  });
  const page = toPage(rows, query.limit, (row) => deps.cursors.encode(list, orgId, { at: row.createdAt, id: row.employeeId }));
  return { ...page, items: page.items.map((row) => toEmployeeView(row, deps.ui, ownerless.has(row.ownerUserId))) };
}
