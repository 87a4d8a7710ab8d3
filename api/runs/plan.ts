import { and, eq, sql } from 'drizzle-orm';
import type { EmployeeDefinition } from '../../contracts/employee-graph.ts';
import type { RunPlan } from '../../contracts/run.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { grants } from '../../db/schema/authz/grants.ts';
import { statement } from '../../db/statement.ts';
import type { CapabilityFacts } from '../employees/capability-facts.ts';

/** Far above what a duty needs, and low enough that a loop gone wrong ends. */
const BUDGET = { max_calls: 2_000, max_skill_visits: 500 } as const;

export interface HeldGrant {
  /** Qualified. */
  capability: string;
  connectionId: string;
}

/** All that the employee was ever granted. */
export async function heldGrants(tx: OrgReadTx, employeeId: string): Promise<HeldGrant[]> {
  return selectGrants(tx.db).execute({ orgId: tx.orgId, employeeId });
}

/**
 * What a run of this version needs besides its event, resolved once. A grant that was taken away still says which
 * connection it was about: the call is refused by ConnectHub, with the reason and a trace.
 */
export function resolvePlan(definition: EmployeeDefinition, held: readonly HeldGrant[], capabilities: CapabilityFacts): RunPlan {
  const used = held.filter(({ capability }) => definition.capabilities.includes(capability));
  const connections = Object.fromEntries(
    used.map(({ capability, connectionId }) => [capability.slice(0, capability.indexOf('/')), connectionId]),
  );
  return { skill_graphs: definition.skill_graphs, connections, capabilities, budget: BUDGET };
}

/** The plan as rows keep it: what was recalled stands beside it, sealed. */
export function withoutMemory({ memory: _memory, ...plan }: RunPlan): RunPlan {
  return plan;
}

const selectGrants = statement((db) =>
  db
    .select({ capability: grants.capability, connectionId: grants.connectionId })
    .from(grants)
    .where(and(eq(grants.orgId, sql.placeholder('orgId')), eq(grants.employeeId, sql.placeholder('employeeId'))))
    .prepare('select_grants'),
);
