import type { FactKind } from '../../../contracts/facts.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { FactRow } from '../read-facts.ts';

/** `clancy` stands where other events name their provider. */
const PREFIX = 'clancy.';

export function isInternalEvent(type: string): boolean {
  return type.startsWith(PREFIX);
}

/** Facts that employees may be subscribed to, as events; a connection's by what has become of it. */
const EVENTS: { [K in FactKind]?: string | ((data: JsonObject) => string) } = {
  RunCompleted: 'run_completed',
  RunFailed: 'run_failed',
  RunInterrupted: 'run_interrupted',
  ApprovalRequested: 'approval_requested',
  ApprovalDecided: 'approval_decided',
  ApprovalExpired: 'approval_expired',
  ReceiptResolved: 'receipt_resolved',
  ConnectionChanged: ({ status }) => `connection_${typeof status === 'string' ? status : ''}`,
  EmployeeActivated: 'employee_activated',
  EmployeeRetired: 'employee_retired',
};

const BY_KIND: { [kind: string]: (typeof EVENTS)[FactKind] } = EVENTS;

/** Kinds of facts that start anybody. */
export const EVENT_KINDS: ReadonlySet<string> = new Set(Object.keys(EVENTS));

/** The event that a fact is: its type, such as `clancy.run_failed`, and what a subscription may compare. */
export function eventOfFact(fact: FactRow, employeeName: string | undefined): { type: string; payload: JsonObject } | undefined {
  const name = BY_KIND[fact.kind];
  if (name === undefined) return undefined;
  const payload: JsonObject = {
    ...fact.data,
    fact_id: fact.factId,
    seq: fact.seq,
    ...(fact.employeeId !== null && { employee: fact.employeeId }),
    ...(employeeName !== undefined && { employee_name: employeeName }),
    ...(fact.runId !== null && { run_id: fact.runId }),
  };
  return { type: `${PREFIX}${typeof name === 'string' ? name : name(fact.data)}`, payload };
}
