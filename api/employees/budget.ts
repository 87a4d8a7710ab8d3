import { and, eq } from 'drizzle-orm';
import { budgetSchema, DEFAULT_BUDGET, type Budget } from '../../contracts/policy.ts';
import type { OrgReadTx, OrgScope, OrgTx } from '../../db/client.ts';
import { budgets } from '../../db/schema/authz/budgets.ts';

/** What stays away keeps its value; `money_per_day` is replaced as a whole. */
export const budgetChange = budgetSchema.partial();

/** The employee's budget; the default one where nobody has set any. */
export async function readBudget(tx: OrgReadTx, employeeId: string): Promise<Budget> {
  const [row] = await tx.db
    .select({ budget: budgets.budget })
    .from(budgets)
    .where(and(eq(budgets.orgId, tx.orgId), eq(budgets.employeeId, employeeId)));
  return row?.budget ?? DEFAULT_BUDGET;
}

/** Holds for the next call of every version. The caller holds the employee's row, so that two changes do not cross. */
export async function changeBudget(
  tx: OrgTx,
  scope: OrgScope,
  employeeId: string,
  change: { [part in keyof Budget]?: Budget[part] | undefined },
): Promise<void> {
  const budget = budgetSchema.parse({ ...(await readBudget(tx, employeeId)), ...change });
  const set = { budget, setBy: scope.actor.id, updatedAt: new Date() };
  await tx.db
    .insert(budgets)
    .values({ orgId: tx.orgId, employeeId, ...set })
    .onConflictDoUpdate({ target: [budgets.orgId, budgets.employeeId], set });
  tx.audit({ action: 'budget.set', objectType: 'employee', objectId: employeeId, allowed: true, details: { budget } });
}
