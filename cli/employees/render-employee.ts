import type { EmployeeAnswer, GrantAnswer, VersionAnswer } from '../client/answers/employees.ts';
import { renderGrants } from '../grants/render-grants.ts';
import { oneLine, plainText } from '../output/plain-text.ts';
import { fields, page, section } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';
import { renderExplanation } from './render-explanation.ts';
import { renderGraph } from './render-graph.ts';
import { renderPolicy } from './render-policy.ts';

export type ShownEmployee = EmployeeAnswer & { shown_version: VersionAnswer; grants: GrantAnswer[] };

/** Name and state of an employee. */
export function renderHead(employee: EmployeeAnswer): string {
  return `${oneLine(employee.name)}\n${fields([
    ['Employee', employee.employee_id],
    ['Status', employee.status],
    ['Active version', employee.active_version],
    ['Labels', employee.labels.join(', ')],
    ['Owner', employee.needs_owner ? `${employee.owner_user_id} (gone: it needs an owner)` : employee.owner_user_id],
    ['Hired', formatInstant(employee.created_at)],
    ['Web UI', employee.links?.temporal_ui],
  ])}`;
}

/** Everything a manager wants to have read before activation. */
export function renderEmployee(employee: ShownEmployee): string {
  const { version, definition, explanation, job_description: job } = employee.shown_version;
  return page([
    renderHead(employee),
    ...section(`Job description (version ${version})`, plainText(job).trim()),
    ...section('Graph', renderGraph(definition.graph)),
    ...renderExplanation(explanation),
    ...section('Capabilities', definition.capabilities.map(oneLine).join('\n')),
    ...section('Policy', renderPolicy(definition.policy)),
    ...section('Grants', renderGrants(employee.grants)),
  ]);
}
