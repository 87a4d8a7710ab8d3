import type { CreatedEmployeeAnswer } from '../client/answers/employees.ts';
import { oneLine } from '../output/plain-text.ts';
import { page, section } from '../output/table.ts';
import { connectCommand } from './connect-command.ts';
import { renderHead } from './render-employee.ts';
import { renderExplanation } from './render-explanation.ts';
import { renderGraph } from './render-graph.ts';
import { renderPolicy } from './render-policy.ts';

/** A new draft: what it will do, why, and what activating it grants. */
export function renderCreated(created: CreatedEmployeeAnswer): string {
  const { definition, explanation } = created;
  const missing = explanation.missing_connections.map(connectCommand);
  return page([
    renderHead(created),
    ...section('Graph', renderGraph(definition.graph)),
    ...renderExplanation(explanation),
    ...section('Activation grants', definition.capabilities.map(oneLine).join('\n')),
    ...section('Policy', renderPolicy(definition.policy)),
    `Next: ${[...missing, `clancy employees activate ${created.employee_id}`].join(', then ')}`,
  ]);
}
