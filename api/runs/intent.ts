import { randomUUID } from 'node:crypto';
import type { RunIntent, Trigger } from '../../contracts/events.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { MemoryWindow } from '../../contracts/memory.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import type { EmployeeRow } from '../employees/find.ts';

/** The founding event of a run. */
export function intentOf(parts: {
  employee: EmployeeRow;
  trigger: Trigger;
  runId: string;
  executionId: string;
  at: Date;
  graph: RunIntent['graph_spec'];
  memory?: MemoryWindow;
}): RunIntent {
  const { employee, at } = parts;
  return {
    event_id: randomUUID(),
    schema_version: 1,
    type: 'runIntent',
    org_id: employee.orgId,
    employee_id: employee.employeeId,
    execution_id: parts.executionId,
    run_id: parts.runId,
    timestamp: at.toISOString(),
    // Set at the start, when the app client exists for certain.
    auth_context: { clerk_org_id: employee.orgId, employee_m2m_app_id: employee.m2mClientId ?? '' },
    trigger: parts.trigger,
    context: contextOf(parts.memory?.entries ?? []),
    graph_spec: parts.graph,
  };
}

/** Which memories the run was given. What they say stands in its plan, which the ticket binds. */
export function contextOf(entries: MemoryWindow['entries']): RunIntent['context'] {
  const of = (some: MemoryWindow['entries']): JsonObject =>
    some.length === 0 ? {} : { entries: some.map(({ id, version }) => ({ id, version })) };
  const skills = new Set(entries.flatMap(({ skill }) => skill ?? []));
  return {
    employee_memory: of(entries.filter(({ scope }) => scope === 'employee')),
    skill_contexts: Object.fromEntries([...skills].map((node) => [node, of(entries.filter(({ skill }) => skill === node))])),
    org_knowledge: of(entries.filter(({ scope }) => scope === 'organisation')),
    execution_state: {},
  };
}

/** Who asked, as they were when they asked (reference of the run, not a right: rights are checked at each call). */
export function initiatorOf(person: PersonPrincipal): JsonObject {
  const session = person.jti ?? person.sid;
  return { type: 'person', id: person.userId, role: person.role, ...(session !== undefined && { token_id: session }) };
}
