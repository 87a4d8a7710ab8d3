import { and, eq, isNull } from 'drizzle-orm';
import type { EmployeeGraph } from '../../contracts/employee-graph.ts';
import type { Trigger } from '../../contracts/events.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { grants } from '../../db/schema/authz/grants.ts';
import type { RunRow } from '../runs/find.ts';
import { entriesOf } from '../supervisor/entry-skills.ts';

/**
 * The trigger of an earlier run, for a rehearsal of a version: it belongs to no schedule and no decision, and starts where
 * that run did, as far as the version has such skills.
 */
export function triggerOf({ trigger }: Pick<RunRow, 'trigger'>, graph: EmployeeGraph): Trigger {
  const { type, payload, source, entry_skills: wanted = [] } = trigger;
  const possible = entriesOf(graph);
  const entries = wanted.filter((id) => possible.includes(id));
  return { type, payload, source, ...(entries.length > 0 && { entry_skills: entries }) };
}

/** By provider: the connection that the employee works over, where it has been granted one. */
export async function grantedConnections(tx: OrgReadTx, employeeId: string): Promise<{ [provider: string]: string }> {
  const rows = await tx.db
    .select({ capability: grants.capability, connectionId: grants.connectionId })
    .from(grants)
    .where(and(eq(grants.orgId, tx.orgId), eq(grants.employeeId, employeeId), isNull(grants.revokedAt)));
  return Object.fromEntries(
    rows.map(({ capability, connectionId }) => [capability.slice(0, capability.indexOf('/')), connectionId]),
  );
}
