import { sql } from 'drizzle-orm';
import type { JsonObject } from '../../contracts/json.ts';
import type { OrgTx } from '../../db/client.ts';
import { facts } from '../../db/schema/core/facts.ts';
import { statement } from '../../db/statement.ts';

/** What the FactStream tells of. */
export type FactKind =
  | 'GraphDefined'
  | 'EmployeeActivated'
  | 'EmployeeRetired'
  | 'GrantRevoked'
  | 'RunRequested'
  | 'RunCompleted'
  | 'RunFailed'
  | 'RunInterrupted'
  | 'ApprovalRequested'
  | 'ApprovalDecided'
  | 'ApprovalReminded'
  | 'ReceiptResolved'
  | 'ConnectionChanged';

/** Appends to the FactStream, in the transaction of what the fact is about. */
export async function recordFact(
  tx: OrgTx,
  fact: { kind: FactKind; employeeId?: string; runId?: string; data: JsonObject },
): Promise<void> {
  await insertFact(tx.db).execute({ orgId: tx.orgId, employeeId: null, runId: null, ...fact });
}

/** The same, for a fact that came from elsewhere with an id of its own and may come again. */
export async function recordFactOnce(tx: OrgTx, factId: string, fact: { kind: FactKind; data: JsonObject }): Promise<void> {
  await tx.db
    .insert(facts)
    .values({ orgId: tx.orgId, factId, ...fact })
    .onConflictDoNothing({ target: [facts.orgId, facts.factId] });
}

const insertFact = statement((db) =>
  db
    .insert(facts)
    .values({
      orgId: sql.placeholder('orgId'),
      kind: sql.placeholder('kind'),
      employeeId: sql.placeholder('employeeId'),
      runId: sql.placeholder('runId'),
      data: sql.placeholder('data'),
    })
    .prepare('insert_fact'),
);
