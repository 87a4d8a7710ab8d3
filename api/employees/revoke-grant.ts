import { and, eq, isNull } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase, OrgScope } from '../../db/client.ts';
import { grants } from '../../db/schema/authz/grants.ts';
import { recordFact } from '../facts/record-fact.ts';
import { findEmployee } from './find.ts';

/**
 * Takes a grant away: ConnectHub refuses the next call, running runs included.
 * @throws ClancyError `not_found` when the employee holds no such grant (any more).
 */
export async function revokeGrant(
  { db }: { db: Pick<CoreDatabase, 'withOrg'> },
  scope: OrgScope,
  grant: { employeeId: string; capability: string },
): Promise<void> {
  const { employeeId, capability } = grant;
  await db.withOrg(scope, async (tx) => {
    await findEmployee(tx, employeeId);
    const revoked = await tx.db
      .update(grants)
      .set({ revokedAt: new Date(), revokedBy: scope.actor.id })
      .where(
        and(
          eq(grants.orgId, tx.orgId),
          eq(grants.employeeId, employeeId),
          eq(grants.capability, capability),
          isNull(grants.revokedAt),
        ),
      )
      .returning({ capability: grants.capability });
    if (revoked.length === 0) throw new ClancyError('not_found', 'This employee holds no such grant.');
    await recordFact(tx, { kind: 'GrantRevoked', employeeId, data: { capability } });
    tx.audit({ action: 'grant.revoke', objectType: 'grant', objectId: `${employeeId}/${capability}`, allowed: true });
  });
}
