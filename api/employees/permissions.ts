import { z } from 'zod';
import { and, eq } from 'drizzle-orm';
import { budgetSchema, policySchema } from '../../contracts/policy.ts';
import type { CoreDatabase } from '../../db/client.ts';
import { grants } from '../../db/schema/authz/grants.ts';
import { readBudget } from './budget.ts';
import { findEmployee, findNewestVersion, findVersion } from './find.ts';

export const permissionsView = z.strictObject({
  employee_id: z.string(),
  /** The active version, or a draft's newest. */
  version: z.int(),
  /** What each skill may use. */
  skills: z.array(z.strictObject({ skill: z.string(), permissions: z.array(z.string()) })),
  /** What the version uses, and whether the grant for it is in force. */
  capabilities: z.array(z.strictObject({ capability: z.string(), granted: z.boolean(), connection_id: z.string().nullable() })),
  /** The rules that decide about each call, in order, with the sentence that each came from. */
  policy: policySchema,
  /** What the employee may do and spend, all its versions together. */
  budget: budgetSchema,
});

/**
 * What an employee may do, in one page: what a manager reads before and after activation.
 * @throws ClancyError `not_found`
 */
export async function employeePermissions(
  { db }: { db: Pick<CoreDatabase, 'withOrgRead'> },
  orgId: string,
  employeeId: string,
): Promise<z.infer<typeof permissionsView>> {
  return db.withOrgRead({ orgId }, async (tx) => {
    const employee = await findEmployee(tx, employeeId);
    const { version, definition } = await (employee.activeVersion === null
      ? findNewestVersion(tx, employeeId)
      : findVersion(tx, employeeId, employee.activeVersion));
    const held = await tx.db
      .select()
      .from(grants)
      .where(and(eq(grants.orgId, orgId), eq(grants.employeeId, employeeId)));
    return {
      employee_id: employeeId,
      version,
      skills: definition.graph.nodes.map(({ id, permissions }) => ({ skill: id, permissions })),
      capabilities: definition.capabilities.map((capability) => {
        const grant = held.find((row) => row.capability === capability && row.revokedAt === null);
        return { capability, granted: grant !== undefined, connection_id: grant?.connectionId ?? null };
      }),
      policy: definition.policy,
      budget: await readBudget(tx, employeeId),
    };
  });
}
