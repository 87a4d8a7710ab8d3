import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { makeEmployeeId } from '../../contracts/ids.ts';
import type { OrgScope } from '../../db/client.ts';
import { once, storedAnswer, type Answer } from '../http/idempotency.ts';
import { assertIntact, contentOf } from './content-hash.ts';
import { createEmployeeBody, type CreateEmployeeDeps } from './create.ts';
import { checked, writeNew } from './file/import.ts';
import { findEmployee, findNewestVersion, findVersion } from './find.ts';
import { labelsSchema } from './labels.ts';
import { versionNumber } from './views.ts';

export const cloneBody = z.strictObject({
  version: versionNumber.optional().describe('Of the employee that is copied: the active one, or else the newest.'),
  name: createEmployeeBody.shape.name.describe('Of the new employee: that of the other with " (copy)" where nothing is said.'),
  labels: labelsSchema.optional().describe('Of the new employee: those of the other where nothing is said.'),
});

const ROUTE = 'POST /v1/employees/{employee_id}/clone';

/**
 * Makes another employee, a draft, with the content of a version: no grants, schedules, memory or history come with it.
 * @throws ClancyError `not_found`, `content_mismatch`, `graph_invalid` (what was possible then is not now),
 * `dependency_unavailable` (ConnectHub), `idempotency_key_reused`.
 */
export async function cloneEmployee(
  deps: CreateEmployeeDeps,
  scope: OrgScope,
  request: { employeeId: string; bearer: string; key: string; body: z.infer<typeof cloneBody> },
): Promise<Answer> {
  const { employeeId, key, body } = request;
  const asked = { route: ROUTE, key, input: { employeeId, ...body } };
  const stored = await storedAnswer(deps.db, scope, asked);
  if (stored) return stored;
  const { employee, row } = await deps.db.withOrgRead(scope, async (tx) => {
    const found = await findEmployee(tx, employeeId);
    const wanted = body.version ?? found.activeVersion;
    return {
      employee: found,
      row: wanted === null ? await findNewestVersion(tx, employeeId) : await findVersion(tx, employeeId, wanted),
    };
  });
  assertIntact(row);
  const catalogue = await deps.connecthub.catalogue(request.bearer);
  const ready = {
    name: body.name ?? `${employee.name.slice(0, 113)} (copy)`,
    labels: body.labels ?? employee.labels,
    job_description: row.jobDescription,
    explanation: row.explanation,
    definition: contentOf(row.definition),
  };
  const version = checked(deps, catalogue, { employeeId: makeEmployeeId(randomBytes(16)), version: 1 }, ready);
  const details = { of: employeeId, of_version: row.version };
  return once(deps.db, scope, asked, (tx) =>
    writeNew(tx, scope, deps, { ...version, name: ready.name, labels: ready.labels, action: 'employee.clone', details }),
  );
}
