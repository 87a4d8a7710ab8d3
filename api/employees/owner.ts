import { and, eq, inArray, isNull } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { memberships } from '../../db/schema/authz/memberships.ts';
import type { EmployeeRow } from './find.ts';

/** Of these employees, those whose owner is no member of the organisation any more. */
export async function withoutOwner(tx: OrgReadTx, rows: readonly Pick<EmployeeRow, 'ownerUserId'>[]): Promise<Set<string>> {
  const owners = [...new Set(rows.map(({ ownerUserId }) => ownerUserId))];
  if (owners.length === 0) return new Set();
  const there = await tx.db
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(and(eq(memberships.orgId, tx.orgId), inArray(memberships.userId, owners), isNull(memberships.removedAt)));
  const known = new Set(there.map(({ userId }) => userId));
  return new Set(owners.filter((owner) => !known.has(owner)));
}

/** Whether nobody answers for the employee any more. */
export async function needsOwner(tx: OrgReadTx, row: Pick<EmployeeRow, 'ownerUserId'>): Promise<boolean> {
  return (await withoutOwner(tx, [row])).size > 0;
}

/** @throws ClancyError `invalid_request` */
export async function assertMayOwn(tx: OrgReadTx, userId: string): Promise<void> {
  if (!(await needsOwner(tx, { ownerUserId: userId }))) return;
  throw new ClancyError('invalid_request', 'The owner of an employee is a member of its organisation.', {
    fields: [{ field: '/owner_user_id', message: 'no member of this organisation, or none who has signed in here yet' }],
  });
}
