import type { CoreDatabase } from '../../../db/client.ts';
import { assertIntact } from '../content-hash.ts';
import { findEmployee, findVersion } from '../find.ts';
import { writeEmployeeFile } from './employee-file.ts';

/**
 * A version as one YAML document.
 * @throws ClancyError `not_found`, `content_mismatch`
 */
export async function exportVersion(
  { db }: { db: Pick<CoreDatabase, 'withOrgRead'> },
  orgId: string,
  employeeId: string,
  version: number,
): Promise<string> {
  return db.withOrgRead({ orgId }, async (tx) => {
    const row = await findVersion(tx, employeeId, version);
    assertIntact(row);
    return writeEmployeeFile(await findEmployee(tx, employeeId), row);
  });
}
