import { and, eq, isNull } from 'drizzle-orm';
import type { OrgReadTx } from '../../db/client.ts';
import { memberships } from '../../db/schema/authz/memberships.ts';

/** What the owner of a schedule must still be allowed. */
const NEEDED = 'runs.write';

/** Whether runs may happen in this person's name: a member of the organisation who may start some. */
export async function ownerMayStartRuns(tx: OrgReadTx, userId: string): Promise<boolean> {
  const [owner] = await tx.db
    .select({ permissions: memberships.permissions })
    .from(memberships)
    .where(and(eq(memberships.orgId, tx.orgId), eq(memberships.userId, userId), isNull(memberships.removedAt)));
  return owner?.permissions.includes(NEEDED) === true;
}
