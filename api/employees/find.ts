import { and, desc, eq, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { employeeVersions } from '../../db/schema/core/employee-versions.ts';
import { employees } from '../../db/schema/core/employees.ts';
import { statement } from '../../db/statement.ts';

export type EmployeeRow = typeof employees.$inferSelect;
export type VersionRow = typeof employeeVersions.$inferSelect;

/**
 * The organisation's employee; with `lock`, held until the transaction ends.
 * @throws ClancyError `not_found`, alike for an id that is another organisation's and one that is nobody's.
 */
export async function findEmployee(tx: OrgReadTx, employeeId: string, lock?: 'update'): Promise<EmployeeRow> {
  const [row] = await (lock ? lockEmployee : selectEmployee)(tx.db).execute({ orgId: tx.orgId, employeeId });
  if (!row) throw new ClancyError('not_found', 'There is no such employee.', { next: 'GET /v1/employees lists them.' });
  return row;
}

/** @throws ClancyError `not_found` */
export async function findVersion(tx: OrgReadTx, employeeId: string, version: number): Promise<VersionRow> {
  const [row] = await selectVersion(tx.db).execute({ orgId: tx.orgId, employeeId, version });
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

const asked = {
  orgId: sql.placeholder('orgId'),
  employeeId: sql.placeholder('employeeId'),
  version: sql.placeholder('version'),
};
const isEmployee = and(eq(employees.orgId, asked.orgId), eq(employees.employeeId, asked.employeeId));
const selectEmployee = statement((db) => db.select().from(employees).where(isEmployee).prepare('select_employee'));
const lockEmployee = statement((db) => db.select().from(employees).where(isEmployee).for('update').prepare('lock_employee'));
const selectVersion = statement((db) =>
  db
    .select()
    .from(employeeVersions)
    .where(
      and(
        eq(employeeVersions.orgId, asked.orgId),
        eq(employeeVersions.employeeId, asked.employeeId),
        eq(employeeVersions.version, asked.version),
      ),
    )
    .prepare('select_version'),
);
