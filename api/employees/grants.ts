import { and, asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { CoreDatabase } from '../../db/client.ts';
import { grants } from '../../db/schema/authz/grants.ts';
import { findEmployee } from './find.ts';

export const grantView = z.strictObject({
  capability: z.string(),
  connection_id: z.string(),
  granted_by: z.string(),
  granted_at: z.iso.datetime(),
  revoked_by: z.string().nullable(),
  revoked_at: z.iso.datetime().nullable(),
});
/** Not paged: bounded by the capabilities of the catalogue. */
export const grantList = z.strictObject({ items: z.array(grantView) });

export type GrantRow = typeof grants.$inferSelect;

/**
 * What an employee may use and on which connection, what was taken away included.
 * @throws ClancyError `not_found`
 */
export async function listGrants(
  { db }: { db: Pick<CoreDatabase, 'withOrgRead'> },
  orgId: string,
  employeeId: string,
): Promise<GrantRow[]> {
  return db.withOrgRead({ orgId }, async (tx) => {
    await findEmployee(tx, employeeId);
    return tx.db
      .select()
      .from(grants)
      .where(and(eq(grants.orgId, orgId), eq(grants.employeeId, employeeId)))
      .orderBy(asc(grants.capability));
  });
}

export function toGrantView(row: GrantRow): z.infer<typeof grantView> {
  return {
    capability: row.capability,
    connection_id: row.connectionId,
    granted_by: row.grantedBy,
    granted_at: row.grantedAt.toISOString(),
    revoked_by: row.revokedBy,
    revoked_at: row.revokedAt?.toISOString() ?? null,
  };
}
