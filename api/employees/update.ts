import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { employees } from '../../db/schema/core/employees.ts';
import { hasPermission, type PersonPrincipal } from '../../platform/auth/principal.ts';
import { assertNotImpersonated } from '../http/scope.ts';
import { createEmployeeBody } from './create.ts';
import { findEmployee, type EmployeeRow } from './find.ts';
import { labelsSchema } from './labels.ts';
import { assertMayOwn } from './owner.ts';
import { etagOf } from './views.ts';

export const updateBody = z.strictObject({
  name: createEmployeeBody.shape.name,
  labels: labelsSchema.optional().describe('All of them: those that are not named go.'),
  owner_user_id: z.string().min(1).max(100).optional().describe('Who answers for it: a member of the organisation.'),
});

export interface UpdateRequest {
  employeeId: string;
  /** Entity tag of the employee that the caller decided upon; absent = whatever it is now. */
  ifMatch: string | undefined;
  person: PersonPrincipal;
  body: z.infer<typeof updateBody>;
}

/**
 * Changes what an employee is called and found by, and who answers for it; what it does stands in its versions. Its owner
 * is changed by the owner, or by whoever may put it to work.
 *
 * @throws ClancyError `forbidden`, `not_found`, `version_conflict`, `invalid_request` (nothing to change, no member).
 */
export async function updateEmployee(
  { db }: { db: Pick<CoreDatabase, 'withOrg'> },
  scope: OrgScope,
  request: UpdateRequest,
): Promise<EmployeeRow> {
  assertNotImpersonated(scope);
  return db.withOrg(scope, (tx) => update(tx, request));
}

async function update(tx: OrgTx, { employeeId, ifMatch, person, body }: UpdateRequest): Promise<EmployeeRow> {
  const before = await findEmployee(tx, employeeId, 'update');
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etagOf(before)) {
    throw new ClancyError('version_conflict', 'The employee was changed in the meantime.', {
      next: 'Read it again, and repeat with its current ETag if you still want to.',
    });
  }
  const { name, labels, owner_user_id: owner } = body;
  if (name === undefined && labels === undefined && owner === undefined) {
    throw new ClancyError('invalid_request', 'There is nothing to change.', { next: 'Send name, labels or owner_user_id.' });
  }
  if (owner !== undefined && owner !== before.ownerUserId) {
    const may = before.ownerUserId === person.userId || hasPermission(person, 'employees.activate');
    if (!may) throw new ClancyError('forbidden', 'Only its owner, or whoever may put it to work, gives an employee away.');
    await assertMayOwn(tx, owner);
  }
  const [employee] = await tx.db
    .update(employees)
    .set({
      ...(name !== undefined && { name }),
      ...(labels !== undefined && { labels }),
      ...(owner !== undefined && { ownerUserId: owner }),
      updatedAt: new Date(),
    })
    .where(and(eq(employees.orgId, tx.orgId), eq(employees.employeeId, employeeId)))
    .returning();
  if (!employee) throw new Error('the locked employee is gone');
  const details = { fields: Object.keys(body).toSorted(), ...(owner !== undefined && { owner_user_id: owner }) };
  tx.audit({ action: 'employee.update', objectType: 'employee', objectId: employeeId, allowed: true, details });
  return employee;
}
