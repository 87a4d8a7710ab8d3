import { and, desc, eq } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { employeeVersions } from '../../db/schema/core/employee-versions.ts';
import { employees } from '../../db/schema/core/employees.ts';

export type EmployeeRow = typeof employees.$inferSelect;
export type VersionRow = typeof employeeVersions.$inferSelect;

/**
 * The organisation's employee; with `lock`, held until the transaction ends.
 * @throws ClancyError `not_found`, alike for an id that is another organisation's and one that is nobody's.
 */
export async function findEmployee(tx: OrgReadTx, employeeId: string, lock?: 'update'): Promise<EmployeeRow> {
  const query = tx.db
    .select()
    .from(employees)
    .where(and(eq(employees.orgId, tx.orgId), eq(employees.employeeId, employeeId)));
  const [row] = await (lock ? query.for(lock) : query);
  if (!row) throw new ClancyError('not_found', 'There is no such employee.', { next: 'GET /v1/employees lists them.' });
  return row;
}

/** @throws ClancyError `not_found` */
export async function findVersion(tx: OrgReadTx, employeeId: string, version: number): Promise<VersionRow> {
  const [row] = await tx.db
    .select()
    .from(employeeVersions)
    .where(
      and(
        eq(employeeVersions.orgId, tx.orgId),
        eq(employeeVersions.employeeId, employeeId),
        eq(employeeVersions.version, version),
      ),
    );
  if (!row) throw new ClancyError('not_found', 'There is no such version of this employee.');
  return row;
}

/** The version that was made last. */
export async function findNewestVersion(tx: OrgReadTx, employeeId: string): Promise<VersionRow> {
  const [row] = await tx.db
    .select()
    .from(employeeVersions)
    .where(and(eq(employeeVersions.orgId, tx.orgId), eq(employeeVersions.employeeId, employeeId)))
    .orderBy(desc(employeeVersions.version))
    .limit(1);
  if (!row) throw new ClancyError('not_found', 'This employee has no version.');
  return row;
}
