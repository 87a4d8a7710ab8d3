import { and, eq, notInArray } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { employees } from '../../db/schema/core/employees.ts';
import { schedules } from '../../db/schema/core/schedules.ts';
import { recordFact } from '../facts/record-fact.ts';
import { assertNotImpersonated } from '../http/scope.ts';
import { changeSchedule } from '../schedules/find.ts';
import { endSubscriptions } from '../supervisor/adopt-subscriptions.ts';
import { forgetDuties } from '../supervisor/duties.ts';
import { findEmployee, type EmployeeRow } from './find.ts';
import { etagOf } from './views.ts';

export interface RetireDeps {
  db: Pick<CoreDatabase, 'withOrg'>;
  wakeRelay: () => void;
}

export interface RetireRequest {
  employeeId: string;
  /** Entity tag of the employee that the caller decided upon; absent = whatever it is now. */
  ifMatch: string | undefined;
}

/**
 * Ends an employee's work for good: no new run, no schedule, no event. Runs under way go on; whoever wants them to end cancels them.
 * Retiring again changes nothing.
 *
 * @throws ClancyError `forbidden`, `not_found`, `version_conflict`.
 */
export async function retireEmployee(deps: RetireDeps, scope: OrgScope, request: RetireRequest): Promise<EmployeeRow> {
  assertNotImpersonated(scope);
  const employee = await deps.db.withOrg(scope, (tx) => retire(tx, request));
  deps.wakeRelay();
  return employee;
}

async function retire(tx: OrgTx, { employeeId, ifMatch }: RetireRequest): Promise<EmployeeRow> {
  const before = await findEmployee(tx, employeeId, 'update');
  if (before.status === 'retired') return before;
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etagOf(before)) {
    throw new ClancyError('version_conflict', 'The employee was changed in the meantime.', {
      next: 'Read it again, and repeat with its current ETag if you still want to.',
    });
  }
  const [employee] = await tx.db
    .update(employees)
    .set({ status: 'retired', updatedAt: new Date() })
    .where(and(eq(employees.orgId, tx.orgId), eq(employees.employeeId, employeeId)))
    .returning();
  if (!employee) throw new Error('the locked employee is gone');
  await endSchedules(tx, employeeId);
  await endSubscriptions(tx, employeeId);
  await forgetDuties(tx, employeeId);
  await recordFact(tx, { kind: 'EmployeeRetired', employeeId, data: { version: before.activeVersion } });
  tx.audit({ action: 'employee.retire', objectType: 'employee', objectId: employeeId, allowed: true });
  return employee;
}

async function endSchedules(tx: OrgTx, employeeId: string): Promise<void> {
  const rows = await tx.db
    .select()
    .from(schedules)
    .where(
      and(
        eq(schedules.orgId, tx.orgId),
        eq(schedules.employeeId, employeeId),
        notInArray(schedules.status, ['deleted', 'retired']),
      ),
    )
    .orderBy(schedules.scheduleId)
    .for('update');
  for (const row of rows) await changeSchedule(tx, row, { status: 'retired', statusNote: 'its employee is retired' });
}
