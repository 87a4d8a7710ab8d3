import type { SkillEdge, SkillGraph } from '../../../contracts/skill-graph.ts';
import type { CheckProblem } from './problem.ts';
import { reachableFrom } from './shape.ts';
import { nodePath } from './walk.ts';

/**
 * Ways back of a skill graph, by the rule of the engine (`activities/agent-worker/graph/routes.ts`): each starts at a branch, and
 * some branch of its circle can leave it.
 */
export function checkLoops(key: string, graph: SkillGraph, known: SkillGraph['edges']): CheckProblem[] {
  const branches = new Set(graph.nodes.filter(({ kind }) => kind === 'branch').map(({ id }) => id));
  return waysBack(graph, known).flatMap(({ from, to }) => {
    const problem = (message: string, next: string): CheckProblem[] => [
      { code: 'loop_unbounded', path: nodePath(key, from), message, next },
    ];
    if (!branches.has(from)) {
      return problem(
        `The way back from ${from} to ${to} starts at no branch.`,
        'Put a branch at its end, and start the way back there.',
      );
    }
    if (canLeave(from, branches, known)) return [];
    return problem(
      `Whoever takes the way back from ${from} to ${to} never gets out again.`,
      'Let a value of the branch lead out of it.',
    );
  });
}

/** Edges that close a circle, found depth first from the nodes that start, in the order of the data. */
function waysBack(graph: SkillGraph, known: readonly SkillEdge[]): SkillEdge[] {
  const back: SkillEdge[] = [];
  const done = new Set<string>();
  const onPath = new Set<string>();
  const visit = (node: string): void => {
    onPath.add(node);
    for (const edge of known.filter(({ from }) => from === node)) {
      if (onPath.has(edge.to)) back.push(edge);
      else if (!done.has(edge.to)) visit(edge.to);
    }
    onPath.delete(node);
    done.add(node);
  };
  for (const { id } of graph.nodes) if (!known.some(({ to }) => to === id)) visit(id);
  return back;
}

/** A branch always takes one of its ways: out of a circle leads only one whose target does not come round again. */
function canLeave(node: string, branches: ReadonlySet<string>, known: SkillEdge[]): boolean {
  const circle = [...reachableFrom([node], known)].filter((other) => reachableFrom([other], known).has(node));
  return known.some(({ from, to }) => branches.has(from) && circle.includes(from) && !circle.includes(to));
}
