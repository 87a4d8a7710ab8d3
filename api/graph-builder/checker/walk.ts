import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import type { Json } from '../../../contracts/json.ts';
import type { MicroAgent, SkillGraph } from '../../../contracts/skill-graph.ts';

/** A skill graph by id; ids come from outside, so inherited properties do not count. */
export function graphOf(definition: EmployeeDefinition, id: string): SkillGraph | undefined {
  return Object.hasOwn(definition.skill_graphs, id) ? definition.skill_graphs[id] : undefined;
}

export function nodePath(graph: string, node: string): string {
  return `skill_graphs/${graph}/nodes/${node}`;
}

/** Every string within a JSON value. */
export function stringsIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [key, ...stringsIn(inner)])
    : [];
}

/** True for a template string that is an expression; `==` starts a literal `=`. */
function isExpression(text: string): boolean {
  return text.startsWith('=') && !text.startsWith('==');
}

/** The expressions of a template, without their `=`. */
export function expressionsIn(template: Json | undefined): string[] {
  return stringsIn(template)
    .filter(isExpression)
    .map((text) => text.slice(1));
}

/** True when a template needs no evaluation. */
export function isLiteral(template: Json): boolean {
  return expressionsIn(template).length === 0;
}

/** The value that a literal template stands for. */
export function literalValue(template: Json): Json {
  if (typeof template === 'string') return template.startsWith('==') ? template.slice(1) : template;
  if (Array.isArray(template)) return template.map(literalValue);
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, inner]) => [key, literalValue(inner)]));
}

/** The graph that a node refers to. */
export function referenceOf(node: MicroAgent): string | undefined {
  if (node.kind === 'graph') return node.graph;
  return node.kind === 'foreach' ? node.body : undefined;
}
