import type { EmployeeGraph } from '../../contracts/employee-graph.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { isRouter } from '../graph-builder/index.ts';

/** Nodes that start by themselves: those that nothing comes before, but a node that only chooses among them. */
export function entriesOf({ nodes, edges }: EmployeeGraph): string[] {
  const routers = new Set(nodes.filter(isRouter).map(({ id }) => id));
  const behind = new Set(edges.filter(({ from, loop }) => !loop && !routers.has(from)).map(({ to }) => to));
  return nodes.map(({ id }) => id).filter((id) => !routers.has(id) && !behind.has(id));
}

/** A node and all that comes after it. */
export function withFollowers({ edges }: Pick<EmployeeGraph, 'edges'>, entries: readonly string[]): Set<string> {
  const reached = new Set(entries);
  // A set hands out what is added to it while it is walked.
  for (const id of reached) {
    for (const { from, to } of edges) if (from === id) reached.add(to);
  }
  return reached;
}

/**
 * The part of an employee's graph that a run needs which starts at these nodes only.
 * @throws ClancyError `invalid_request` for a node that does not start by itself.
 */
export function graphFrom(graph: EmployeeGraph, entries: readonly string[]): EmployeeGraph {
  const possible = entriesOf(graph);
  const wrong = entries.find((id) => !possible.includes(id));
  if (wrong !== undefined) {
    throw new ClancyError('invalid_request', `This employee does not start at the skill ${wrong}.`, {
      fields: [{ field: '/entry_skills', message: `one of ${possible.join(', ')}` }],
    });
  }
  const kept = withFollowers(graph, entries);
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => kept.has(id)),
    edges: graph.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  };
}
