import type { JsonObject } from '../../contracts/json.ts';
import type { OrgTx } from '../../db/client.ts';
import { facts } from '../../db/schema/core/facts.ts';

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
  | 'ReceiptResolved';

/** Appends to the FactStream, in the transaction of what the fact is about. */
export async function recordFact(
  tx: OrgTx,
  fact: { kind: FactKind; employeeId?: string; runId?: string; data: JsonObject },
): Promise<void> {
  await tx.db.insert(facts).values({ orgId: tx.orgId, ...fact });
}
