import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { MicroAgent, SkillGraph } from '../../../contracts/skill-graph.ts';

type Parameter = SkillGraph['input'][string];

/** An input that need not be given. */
export function optional(type: Parameter['type'], description: string, byDefault: Json): Parameter {
  return { type, description, required: false, default: byDefault };
}

/** An input that must be given. */
export function required(type: Parameter['type'], description: string): Parameter {
  return { type, description, required: true };
}

/** A node that computes. */
export function compute(id: string, title: string, expression: string): MicroAgent {
  return { id, kind: 'transform', title, expression };
}

/** A node that calls a provider. */
export function call(id: string, title: string, capability: string, parameters: JsonObject): MicroAgent {
  return { id, kind: 'capability', title, capability, parameters };
}

/** A node that runs another skill graph. */
export function within(id: string, title: string, graph: SkillGraph, input: JsonObject): MicroAgent {
  return { id, kind: 'graph', title, graph: graph.id, input };
}

/** A node that runs another skill graph once an item: up to 25, five at a time. */
export function forEach(id: string, title: string, items: string, body: SkillGraph, input: JsonObject): MicroAgent {
  return { id, kind: 'foreach', title, items, body: body.id, input, max_items: 25, max_parallel: 5 };
}

/** Nodes that follow one another; behind a branch only where it says `yes`, else nothing more is done. */
export function inOrder(nodes: MicroAgent[]): Pick<SkillGraph, 'nodes' | 'edges'> {
  const edges = nodes.slice(1).flatMap(({ id: to }, at) => {
    const { id: from, kind } = nodes[at]!;
    return kind === 'branch' ? [{ from, to, when: 'yes' }, leaving(from)] : [{ from, to }];
  });
  const ends = nodes.flatMap(({ id, kind }) => (kind === 'branch' ? [leave(id)] : []));
  return { nodes: [...nodes, ...ends], edges };
}

/** Where a branch ends that has nothing more to do. */
export function leave(branch: string): MicroAgent {
  return compute(`leave_${branch}`, 'Nothing to do', '"nothing to do"');
}
export function leaving(branch: string): SkillGraph['edges'][number] {
  return { from: branch, to: `leave_${branch}`, when: 'otherwise' };
}
