import { and, desc, eq, getTableColumns, lt } from 'drizzle-orm';
import { z } from 'zod';
import type { CoreDatabase } from '../../db/client.ts';
import { employeeVersions } from '../../db/schema/core/employee-versions.ts';
import { pageQuery, pageSchema, toPage, type Cursors } from '../../platform/http/page.ts';
import { findEmployee } from './find.ts';
import { toVersionSummary, versionSummary } from './views.ts';

export const listVersionsQuery = z.strictObject(pageQuery);
/** What a list shows; the definitions themselves are large. */
const { definition: _d, explanation: _e, jobDescription: _j, ...columns } = getTableColumns(employeeVersions);

export const versionPage = pageSchema(versionSummary);

/**
 * The versions of an employee, the newest first.
 * @throws ClancyError `not_found`
 */
export async function listVersions(
  deps: { db: Pick<CoreDatabase, 'withOrgRead'>; cursors: Cursors },
  orgId: string,
  employeeId: string,
  query: z.infer<typeof listVersionsQuery>,
): Promise<z.infer<typeof versionPage>> {
  const list = `versions|${employeeId}`;
  const after = query.cursor === undefined ? undefined : deps.cursors.decode(list, orgId, query.cursor);
  const rows = await deps.db.withOrgRead({ orgId }, async (tx) => {
    await findEmployee(tx, employeeId);
    return tx.db
      .select(columns)
      .from(employeeVersions)
      .where(
        and(
          eq(employeeVersions.orgId, orgId),
          eq(employeeVersions.employeeId, employeeId),
          after && lt(employeeVersions.version, Number(after.id)),
        ),
      )
      .orderBy(desc(employeeVersions.version))
      .limit(query.limit + 1);
  });
  const page = toPage(rows, query.limit, (row) =>
    deps.cursors.encode(list, orgId, { at: row.createdAt, id: String(row.version) }),
  );
  return { ...page, items: page.items.map(toVersionSummary) };
}
