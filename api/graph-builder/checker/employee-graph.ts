import type { EmployeeDefinition, SkillNode } from '../../../contracts/employee-graph.ts';
import type { CheckProblem } from './problem.ts';
import { findCycle, reachableFrom, repeated } from './shape.ts';

/** Shape of the employee graph: ids, ends of edges, ways back, nodes that can never run. */
export function checkEmployeeGraph({ graph }: EmployeeDefinition): CheckProblem[] {
  const ids = new Set(graph.nodes.map(({ id }) => id));
  const known = graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  const forward = known.filter(({ loop }) => !loop);
  const entries = graph.nodes.filter(({ id }) => !forward.some(({ to }) => to === id)).map(({ id }) => id);
  const reachable = reachableFrom(entries, forward);
  const cycle = findCycle([...ids], forward);
  return [
    ...repeated(graph.nodes.map(({ id }) => id)).map((id) =>
      problem('id_clash', graph.nodes, id, `Two skills have the id ${id}.`, 'Give each skill an id of its own.'),
    ),
    ...graph.edges.flatMap(({ from, to }, at) =>
      deadEdge(
        at,
        [from, to].filter((id) => !ids.has(id)),
      ),
    ),
    ...(cycle
      ? [
          problem(
            'loop_unbounded',
            graph.nodes,
            cycle[0]!,
            `The skills ${cycle.join(' -> ')} run in a circle without end.`,
            'Mark the way back with loop and set max_visits.',
          ),
        ]
      : []),
    ...(cycle
      ? []
      : graph.nodes
          .filter(({ id }) => !reachable.has(id))
          .map(({ id }) =>
            problem('unreachable', graph.nodes, id, `No way leads to the skill ${id}.`, 'Add an edge to it or remove it.'),
          )),
    ...known.filter(({ loop }) => loop).flatMap(({ from, to }) => idleLoop(graph.nodes, from, to, reachableFrom([to], forward))),
  ];
}

function idleLoop(nodes: SkillNode[], from: string, to: string, below: Set<string>): CheckProblem[] {
  const target = nodes.find(({ id }) => id === to);
  if (!below.has(from))
    return [
      problem(
        'loop_unbounded',
        nodes,
        to,
        `The edge from ${from} to ${to} is marked loop but leads to no earlier skill.`,
        'Remove its loop mark.',
      ),
    ];
  if ((target?.max_visits ?? 1) > 1) return [];
  return [
    problem(
      'loop_unbounded',
      nodes,
      to,
      `The way back to ${to} can never be taken: it may be visited once.`,
      'Raise max_visits of the skill.',
    ),
  ];
}

function deadEdge(at: number, missing: string[]): CheckProblem[] {
  if (missing.length === 0) return [];
  return [
    {
      code: 'dead_end',
      path: `edges/${at}`,
      message: `The edge names ${missing.join(' and ')}, which does not exist.`,
      next: 'Correct the edge or remove it.',
    },
  ];
}

function problem(code: CheckProblem['code'], nodes: SkillNode[], id: string, message: string, next: string): CheckProblem {
  const sentence = nodes.find((node) => node.id === id)?.provenance?.sentences.at(-1);
  return { code, path: `nodes/${id}`, ...(sentence !== undefined && { sentence }), message, next };
}
