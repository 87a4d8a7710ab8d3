import type { SkillGraph } from '../../../contracts/skill-graph.ts';
import type { CheckProblem } from './problem.ts';
import { reachableFrom } from './shape.ts';

/** A graph that has more nodes that always run than steps could never come to its end. */
export function checkSteps(key: string, { nodes, edges, max_steps: most }: SkillGraph): CheckProblem[] {
  const branches = new Set(nodes.filter(({ kind }) => kind === 'branch').map(({ id }) => id));
  const chosen = edges.filter(({ from }) => branches.has(from)).map(({ to }) => to);
  const sometimes = reachableFrom(chosen, edges);
  const always = new Set(nodes.map(({ id }) => id).filter((id) => !sometimes.has(id))).size;
  if (always <= most) return [];
  return [
    {
      code: 'steps_too_few',
      path: `skill_graphs/${key}`,
      message: `${always} nodes always run, but the graph may take ${most} steps.`,
      next: 'Raise max_steps.',
    },
  ];
}
