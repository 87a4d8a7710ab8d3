import type { CoreDatabase } from '../../db/client.ts';
import { findEmployee, findVersion, type EmployeeRow, type VersionRow } from './find.ts';

type Deps = { db: Pick<CoreDatabase, 'withOrgRead'> };

/** @throws ClancyError `not_found` */
export async function getEmployee({ db }: Deps, orgId: string, employeeId: string): Promise<EmployeeRow> {
  return db.withOrgRead({ orgId }, (tx) => findEmployee(tx, employeeId));
}

/** @throws ClancyError `not_found` */
export async function getVersion({ db }: Deps, orgId: string, employeeId: string, version: number): Promise<VersionRow> {
  return db.withOrgRead({ orgId }, (tx) => findVersion(tx, employeeId, version));
}
