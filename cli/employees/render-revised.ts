import type { VersionAnswer } from '../client/answers/employees.ts';
import { oneLine } from '../output/plain-text.ts';
import { fields, page, section } from '../output/table.ts';
import { renderExplanation } from './render-explanation.ts';
import { renderGraph } from './render-graph.ts';
import { renderPolicy } from './render-policy.ts';

/** A version that waits for somebody to activate it: what it will do, why, and by which rules. */
export function renderRevised(made: VersionAnswer): string {
  const { employee_id: id, version, definition, explanation } = made;
  return page([
    fields([
      ['Employee', id],
      ['Version', version],
    ]),
    ...section('Graph', renderGraph(definition.graph)),
    ...renderExplanation(explanation),
    ...section('Activation grants', definition.capabilities.map(oneLine).join('\n')),
    ...section('Policy', renderPolicy(definition.policy)),
    `Next: clancy employees activate ${id} --version ${version}`,
  ]);
}
