import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import type { SkillGraph } from '../../../contracts/skill-graph.ts';
import type { CheckProblem } from './problem.ts';
import { findCycle } from './shape.ts';
import { visitBounds } from './visits.ts';
import { graphOf, referenceOf } from './walk.ts';

/** Most calls that one run of an employee may make by its own shape; the budget of a run is the same. */
export const MAX_CALLS_PER_RUN = 2_000;

/** As many as the workers make of what a model asks for in one turn. */
const AGENT_CALLS_PER_TURN = 4;

/** Upper bound of the calls of one run: every loop taken as often and every list as long as allowed. */
export function callBound(definition: EmployeeDefinition): number {
  const known = new Map<string, number>();
  const boundOf = (id: string): number => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const graph = graphOf(definition, id);
    const bound = graph ? graphBound(graph, boundOf) : 0;
    known.set(id, bound);
    return bound;
  };
  const visits = visitBounds(definition.graph);
  return definition.graph.nodes.reduce((sum, { id, skill_graph: skill }) => sum + boundOf(skill) * (visits.get(id) ?? 1), 0);
}

function graphBound(graph: SkillGraph, boundOf: (id: string) => number): number {
  const costs = graph.nodes.map((node) => {
    if (node.kind === 'capability') return 1;
    if (node.kind === 'agent') return node.max_turns * AGENT_CALLS_PER_TURN;
    const reference = referenceOf(node);
    return reference === undefined ? 0 : boundOf(reference) * (node.kind === 'foreach' ? node.max_items : 1);
  });
  const hasLoop =
    findCycle(
      [...new Set(graph.nodes.map(({ id }) => id))],
      graph.edges.filter(({ to }) => graph.nodes.some(({ id }) => id === to)),
    ) !== undefined;
  return hasLoop ? Math.max(0, ...costs) * graph.max_steps : costs.reduce((sum, cost) => sum + cost, 0);
}

export function checkCalls(definition: EmployeeDefinition): CheckProblem[] {
  const bound = callBound(definition);
  if (bound <= MAX_CALLS_PER_RUN) return [];
  return [
    {
      code: 'too_many_calls',
      path: 'graph',
      message: `One run could make ${bound} calls; ${MAX_CALLS_PER_RUN} are allowed.`,
      next: 'Lower max_items, max_steps or max_visits.',
    },
  ];
}
