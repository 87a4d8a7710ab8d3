import type { EmployeeGraph } from '../../../contracts/employee-graph.ts';
import type { CheckProblem } from './problem.ts';
import { reachableFrom } from './shape.ts';

/** Most visits of skills in one run; the budget of a run is the same. */
const MAX_VISITS_PER_RUN = 500;

/**
 * How often each skill may be visited in one run: once, and once more for each way back that leads to it or to what comes
 * before it. A way back is taken only while its target has been visited less often than its `max_visits` (workflows/walk.ts).
 */
export function visitBounds({ nodes, edges }: EmployeeGraph): Map<string, number> {
  const forward = edges.filter(({ loop }) => !loop);
  const targets = new Set(edges.filter(({ loop }) => loop).map(({ to }) => to));
  const again = nodes
    .filter(({ id }) => targets.has(id))
    .map(({ id, max_visits: most }) => ({ most, region: reachableFrom([id], forward) }));
  return new Map(nodes.map(({ id }) => [id, again.reduce((sum, { most, region }) => sum + (region.has(id) ? most - 1 : 0), 1)]));
}

export function checkVisits(graph: EmployeeGraph): CheckProblem[] {
  const visits = [...visitBounds(graph).values()].reduce((sum, count) => sum + count, 0);
  if (visits <= MAX_VISITS_PER_RUN) return [];
  return [
    {
      code: 'too_many_visits',
      path: 'graph',
      message: `One run could visit skills ${visits} times; ${MAX_VISITS_PER_RUN} are allowed.`,
      next: 'Lower max_visits.',
    },
  ];
}
