import type { GraphAnswer } from '../client/answers/employees.ts';
import { oneLine } from '../output/plain-text.ts';

type Edge = GraphAnswer['edges'][number];

/** An employee's graph as text: its skills in the order in which they can run, each with the ways that lead on. */
export function renderGraph(graph: GraphAnswer): string {
  return inOrder(graph)
    .flatMap((node) => {
      const title = node.title === '' ? '' : `  ${oneLine(node.title)}`;
      const needs = node.permissions.length === 0 ? '' : `  (${node.permissions.map(oneLine).join(', ')})`;
      const ways = graph.edges.filter(({ from }) => from === node.id).map((edge) => `  └─> ${renderWay(edge)}`);
      return [`${oneLine(node.id)}${title}${needs}`, ...ways];
    })
    .join('\n');
}

function renderWay({ to, when, loop }: Edge): string {
  return `${oneLine(to)}${loop ? ' (again)' : ''}${when === undefined ? '' : ` when ${oneLine(when)}`}`;
}

/** Predecessors first; ways back do not count. What a faulty graph leaves over comes last, so that nothing is hidden. */
function inOrder({ nodes, edges }: GraphAnswer): GraphAnswer['nodes'] {
  const ahead = edges.filter(({ loop }) => !loop);
  const ordered: GraphAnswer['nodes'] = [];
  let left = nodes;
  while (left.length > 0) {
    const waiting = new Set(left.map(({ id }) => id));
    const isReady = (id: string) => !ahead.some(({ from, to }) => to === id && waiting.has(from));
    const ready = left.filter(({ id }) => isReady(id));
    ordered.push(...(ready.length === 0 ? left : ready));
    left = ready.length === 0 ? [] : left.filter((node) => !ready.includes(node));
  }
  return ordered;
}
