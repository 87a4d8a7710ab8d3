import { canonicalHash } from '../../../contracts/digest.ts';
import type { SkillGraph } from '../../../contracts/skill-graph.ts';

/** SHA-256 over a graph and every graph nested in it. Bodies of a `foreach` have threads and checkpoints of their own. */
export function graphHash(graph: SkillGraph, graphs: { [id: string]: SkillGraph }): string {
  const found = new Map([[graph.id, graph]]);
  for (const { nodes } of found.values()) {
    for (const node of nodes) {
      const nested = node.kind === 'graph' && Object.hasOwn(graphs, node.graph) ? graphs[node.graph] : undefined;
      if (nested && !found.has(nested.id)) found.set(nested.id, nested);
    }
  }
  return canonicalHash([...found.values()]);
}
