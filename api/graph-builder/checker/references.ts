import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import type { CheckProblem } from './problem.ts';
import { graphOf, nodePath, referenceOf } from './walk.ts';

/** Deepest nesting of skill graphs below a skill node. */
const MAX_DEPTH = 5;

/** Graphs that are named must exist, end somewhere and not lie too deep. */
export function checkReferences(definition: EmployeeDefinition): CheckProblem[] {
  return [
    ...definition.graph.nodes.flatMap((node) => missing(definition, `nodes/${node.id}`, node.skill_graph)),
    ...Object.entries(definition.skill_graphs).flatMap(([key, graph]) =>
      graph.nodes.flatMap((node) => missing(definition, nodePath(key, node.id), referenceOf(node))),
    ),
    ...checkNesting(definition),
  ];
}

function missing(definition: EmployeeDefinition, path: string, id: string | undefined): CheckProblem[] {
  if (id === undefined || graphOf(definition, id)) return [];
  return [
    {
      code: 'graph_missing',
      path,
      message: `The skill graph ${id} does not exist.`,
      next: 'Add it to skill_graphs or name another.',
    },
  ];
}

function checkNesting(definition: EmployeeDefinition): CheckProblem[] {
  const depths = new Map<string, number>();
  const recursive = new Set<string>();
  const depthOf = (id: string, above: string[]): number => {
    if (above.includes(id)) {
      recursive.add(id);
      return 0;
    }
    const known = depths.get(id);
    if (known !== undefined) return known;
    const below = (graphOf(definition, id)?.nodes ?? []).flatMap((node) => referenceOf(node) ?? []);
    const depth = 1 + Math.max(0, ...below.map((next) => depthOf(next, [...above, id])));
    depths.set(id, depth);
    return depth;
  };
  const deep = Object.keys(definition.skill_graphs).filter((id) => depthOf(id, []) > MAX_DEPTH);
  return [
    ...[...recursive].map((id) => ({
      code: 'graph_recursive' as const,
      path: `skill_graphs/${id}`,
      message: `The graph ${id} contains itself.`,
      next: 'Use a branch with a way back inside one graph.',
    })),
    ...deep.map((id) => ({
      code: 'graph_too_deep' as const,
      path: `skill_graphs/${id}`,
      message: `More than ${MAX_DEPTH} graphs lie inside one another.`,
      next: 'Make inner graphs skills of their own.',
    })),
  ];
}
