import type { MicroAgent, SkillGraph } from '../../contracts/skill-graph.ts';

/** Qualified capabilities that a skill graph uses, its nested graphs and foreach bodies included; sorted. */
export function capabilitiesOf(id: string, graphs: { [id: string]: SkillGraph }): string[] {
  const found = new Set<string>();
  for (const graph of reachableGraphs(id, graphs)) {
    for (const node of graph.nodes) for (const capability of calledBy(node)) found.add(capability);
  }
  return [...found].sort();
}

/** What a micro-agent may call, by itself or as a tool of its model. */
export function calledBy(node: MicroAgent): string[] {
  if (node.kind === 'capability') return [node.capability];
  return node.kind === 'agent' ? node.tools.map(({ capability }) => capability) : [];
}

/** The graph and all graphs below it, each once, even where references run in a circle. */
export function reachableGraphs(id: string, graphs: { [id: string]: SkillGraph }): SkillGraph[] {
  const seen = new Map<string, SkillGraph>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const graph = Object.hasOwn(graphs, next) ? graphs[next] : undefined;
    if (!graph || seen.has(next)) continue;
    seen.set(next, graph);
    open.push(
      ...graph.nodes.flatMap((node) => (node.kind === 'graph' ? [node.graph] : node.kind === 'foreach' ? [node.body] : [])),
    );
  }
  return [...seen.values()];
}
