import { ClancyError } from '../../../contracts/errors.ts';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { SkillGraph } from '../../../contracts/skill-graph.ts';
import { scopeOf } from './burst-context.ts';
import type { BurstContext } from './burst-context.ts';
import { rememberedBy } from './remember.ts';
import type { SkillStateValue } from './state.ts';

export function graphById(graphs: { [id: string]: SkillGraph }, id: string): SkillGraph {
  const graph = Object.hasOwn(graphs, id) ? graphs[id] : undefined;
  if (!graph) throw new ClancyError('graph_invalid', `the plan has no skill graph ${id}`);
  return graph;
}

/** Two supersteps per node execution (node and router), and the first look of the router. */
export function recursionLimitOf(graph: SkillGraph): number {
  return 2 * graph.max_steps + 5;
}

/**
 * The graph's output template over its final state; without one, the outputs of its nodes. What it asks to be remembered is
 * noted on the way.
 */
export async function endGraph(graph: SkillGraph, state: SkillStateValue, context: BurstContext): Promise<Json> {
  const scope = scopeOf(context, state);
  const output = graph.output === undefined ? state.nodes : await context.expressions.resolveTemplate(graph.output, scope);
  if (graph.remember) context.log.remembered.push(...(await rememberedBy(graph, { ...scope, output }, context)));
  return output;
}

/**
 * Checks a graph's input against what it declares and fills in the defaults.
 * @throws ClancyError `parameters_invalid`, with the failing fields.
 */
export function prepareInput(graph: SkillGraph, given: JsonObject): JsonObject {
  const input: JsonObject = {};
  const fields = [];
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(graph.input, name)) fields.push({ field: `/${name}`, message: 'is not an input of this skill' });
  }
  for (const [name, declared] of Object.entries(graph.input)) {
    const value = (Object.hasOwn(given, name) ? given[name] : undefined) ?? declared.default;
    if (value === undefined || value === null) {
      if (declared.required) fields.push({ field: `/${name}`, message: 'is missing' });
    } else if (typeOf(value) !== declared.type) {
      fields.push({ field: `/${name}`, message: `expected ${declared.type}` });
    } else {
      input[name] = value;
    }
  }
  if (fields.length > 0) {
    const what = fields.map(({ field, message }) => `${field} ${message}`).join('; ');
    throw new ClancyError('parameters_invalid', `input of ${graph.id}: ${what}`, { fields });
  }
  return input;
}

function typeOf(value: Json): string {
  return Array.isArray(value) ? 'array' : typeof value;
}
