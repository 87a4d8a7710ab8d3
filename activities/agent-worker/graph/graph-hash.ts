import { canonicalHash } from '../../../contracts/digest.ts';
import type { SkillGraph } from '../../../contracts/skill-graph.ts';

/** To be raised when compile.ts names nodes or channels in another way: older checkpoints would not fit. */
const COMPILER = 1;

/** SHA-256 over a graph and every graph nested in it. Bodies of a `foreach` have threads and checkpoints of their own. */
export function graphHash(graph: SkillGraph, graphs: { [id: string]: SkillGraph }): string {
  const found = new Map([[graph.id, graph]]);
  for (const { nodes } of found.values()) {
    for (const node of nodes) {
      const nested = node.kind === 'graph' && Object.hasOwn(graphs, node.graph) ? graphs[node.graph] : undefined;
      if (nested && !found.has(nested.id)) found.set(nested.id, nested);
    }
  }
  return canonicalHash({ compiler: COMPILER, graphs: [...found.values()] });
}
