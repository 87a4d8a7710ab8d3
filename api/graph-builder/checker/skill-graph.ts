import type { SkillGraph } from '../../../contracts/skill-graph.ts';
import type { CheckProblem } from './problem.ts';
import { checkLoops } from './loops.ts';
import { findCycle, reachableFrom, repeated } from './shape.ts';
import { checkSteps } from './steps.ts';
import { nodePath } from './walk.ts';

const OTHERWISE = 'otherwise';

/** Shape of one skill graph: ids, ends of edges, branches that lead nowhere, circles without a branch. */
export function checkSkillGraph(key: string, graph: SkillGraph): CheckProblem[] {
  const ids = new Set(graph.nodes.map(({ id }) => id));
  const known = graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  const entries = graph.nodes.filter(({ id }) => !known.some(({ to }) => to === id)).map(({ id }) => id);
  const reachable = reachableFrom(entries, known);
  const at = (node: string): string => nodePath(key, node);
  return [
    ...(graph.id === key
      ? []
      : [
          {
            code: 'id_clash' as const,
            path: `skill_graphs/${key}`,
            message: `The graph kept as ${key} calls itself ${graph.id}.`,
            next: 'Use one id.',
          },
        ]),
    ...repeated(graph.nodes.map(({ id }) => id)).map((id) => ({
      code: 'id_clash' as const,
      path: at(id),
      message: `Two nodes have the id ${id}.`,
      next: 'Give each node an id of its own.',
    })),
    ...graph.edges.flatMap(({ from, to }, index) => {
      const missing = [from, to].filter((id) => !ids.has(id));
      return missing.length === 0
        ? []
        : [
            {
              code: 'dead_end' as const,
              path: `skill_graphs/${key}/edges/${index}`,
              message: `The edge names ${missing.join(' and ')}, which does not exist.`,
              next: 'Correct the edge or remove it.',
            },
          ];
    }),
    ...graph.nodes
      .filter(({ id }) => !reachable.has(id))
      .map(({ id }) => ({
        code: 'unreachable' as const,
        path: at(id),
        message: `No way leads to ${id} from a node that starts.`,
        next: 'Add an edge from a node that can run.',
      })),
    ...checkBranches(key, graph),
    ...checkCircles(key, graph, known),
    ...checkSteps(key, graph),
  ];
}

function checkBranches(key: string, graph: SkillGraph): CheckProblem[] {
  return graph.nodes.flatMap(({ id, kind }) => {
    const ways = graph.edges.filter(({ from }) => from === id);
    const path = nodePath(key, id);
    if (kind !== 'branch') {
      return ways.some(({ when }) => when !== undefined)
        ? [
            {
              code: 'dead_end' as const,
              path,
              message: `Edges out of ${id} have conditions, but only a branch chooses.`,
              next: 'Put a branch between them.',
            },
          ]
        : [];
    }
    if (ways.some(({ when }) => when === undefined))
      return [
        {
          code: 'dead_end' as const,
          path,
          message: `An edge out of the branch ${id} has no value.`,
          next: `Give each edge its value, or ${OTHERWISE}.`,
        },
      ];
    return ways.some(({ when }) => when === OTHERWISE)
      ? []
      : [
          {
            code: 'dead_end' as const,
            path,
            message: `The branch ${id} has no way for other values.`,
            next: `Add an edge with ${OTHERWISE}.`,
          },
        ];
  });
}

/** A way back must start at a branch: with the branches' edges taken out, nothing may go round. */
function checkCircles(key: string, graph: SkillGraph, known: SkillGraph['edges']): CheckProblem[] {
  const branches = new Set(graph.nodes.filter(({ kind }) => kind === 'branch').map(({ id }) => id));
  const cycle = findCycle(
    [...new Set(graph.nodes.map(({ id }) => id))],
    known.filter(({ from }) => !branches.has(from)),
  );
  if (!cycle) return checkLoops(key, graph, known);
  return [
    {
      code: 'loop_unbounded',
      path: nodePath(key, cycle[0]!),
      message: `The nodes ${cycle.join(' -> ')} run in a circle that nothing leaves.`,
      next: 'Start the way back at a branch.',
    },
  ];
}
