import type { EmployeeDefinition, SkillNode } from '../../contracts/employee-graph.ts';
import type { SkillGraph } from '../../contracts/skill-graph.ts';
import { capabilitiesOf, reachableGraphs } from '../../api/graph-builder/graph-capabilities.ts';
import { stemsOf, wordsOf } from '../words.ts';

/** Share of the limit's words that the skill must have where the limit has no number. */
const MIN_COMMON = 1 / 2;
const NUMBER_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/**
 * Whether each skill that uses a capability decides by something that speaks of the limit before it gets there: a branch,
 * an edge with a condition, a comparison, an instruction to a model. `mustAsk`: a person is asked there as well.
 */
export function isKeptInSkill(
  limit: string,
  capability: string,
  definition: EmployeeDefinition,
  { mustAsk = false }: { mustAsk?: boolean } = {},
): boolean {
  const users = usersOf(capability, definition);
  return users.length > 0 && users.every((node) => keeps(node, limit, { capability, definition, mustAsk }));
}

/** Skills that use a capability. */
export function usersOf(capability: string, { graph, skill_graphs: graphs }: EmployeeDefinition): SkillNode[] {
  return graph.nodes.filter(({ skill_graph: id }) => capabilitiesOf(id, graphs).includes(capability));
}

function keeps(
  node: SkillNode,
  limit: string,
  { capability, definition, mustAsk }: { capability: string; definition: EmployeeDefinition; mustAsk: boolean },
): boolean {
  const before = [node, ...ancestorsOf(node, definition)];
  const graphs = before.flatMap(({ skill_graph: id }) => reachableGraphs(id, definition.skill_graphs));
  if (mustAsk && !graphs.some(({ nodes }) => nodes.some(({ kind }) => kind === 'approval'))) return false;
  const decisions = [...edgeConditions(before, definition), ...graphs.flatMap((graph) => decisionsOf(graph, capability))];
  const used = [...decisions, ...graphs.flatMap(passedOn)].join('\n');
  const values = before.flatMap(({ input }) => Object.entries(input).filter(([name]) => hasWord(used, name)));
  return decisions.length > 0 && speaksOf([...decisions, ...values.map(([, value]) => JSON.stringify(value))].join('\n'), limit);
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w])${word}(?![\\w])`).test(text);
}

function ancestorsOf(node: SkillNode, { graph }: EmployeeDefinition): SkillNode[] {
  const found = new Set<string>();
  const open = [node.id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { from } of graph.edges.filter(({ to }) => to === next)) {
      if (found.has(from) || from === node.id) continue;
      found.add(from);
      open.push(from);
    }
  }
  return graph.nodes.filter(({ id }) => found.has(id));
}

function edgeConditions(nodes: readonly SkillNode[], { graph }: EmployeeDefinition): string[] {
  const ids = new Set(nodes.map(({ id }) => id));
  return graph.edges.filter(({ to }) => ids.has(to)).flatMap(({ when }) => when ?? []);
}

/** Texts by which a graph goes one way or another, or leaves things out; what it does in the end is no decision. */
function decisionsOf({ nodes }: SkillGraph, capability: string): string[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'branch') return [node.expression];
    if (node.kind === 'model') return [node.instructions, JSON.stringify(node.input)];
    if (node.kind === 'transform') return /[<>]|!=| = | in |\$contains|\$match|\?/.test(node.expression) ? [node.expression] : [];
    if (node.kind === 'foreach') return /\[/.test(node.items) ? [node.items] : [];
    return node.kind === 'capability' && node.capability !== capability ? [JSON.stringify(node.parameters)] : [];
  });
}

/** How inputs reach the graphs within. */
function passedOn({ nodes }: SkillGraph): string[] {
  return nodes.flatMap((node) => (node.kind === 'graph' || node.kind === 'foreach' ? [JSON.stringify(node.input)] : []));
}

/** All its numbers, or where it has none most of its words. Names in code count by their parts: `days_overdue`. */
function speaksOf(texts: string, limit: string): boolean {
  const plain = texts.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll(/[_."'()[\]{}]/g, ' ');
  const numbers = numbersIn(limit);
  if (numbers.length > 0) {
    const has = new Set(numbersIn(texts));
    return numbers.every((number) => has.has(number));
  }
  const [wanted, has] = [stemsOf(limit), stemsOf(plain)];
  const common = [...wanted].filter((stem) => has.has(stem) || texts.toLowerCase().includes(stem)).length;
  return wanted.size > 0 && common / wanted.size >= MIN_COMMON;
}

/** In digits; a number of weeks as days, since skills count in days. */
function numbersIn(text: string): number[] {
  const plain = text.replaceAll(/(\d),(?=\d{3})/g, '$1');
  const digits = [...plain.matchAll(/(?<![\w#.])(\d+(?:\.\d+)?)(?: weeks?\b)?/g)];
  const numbers = digits.map(([all, number]) => Number(number) * (all.endsWith('week') || all.endsWith('weeks') ? 7 : 1));
  const words = wordsOf(plain);
  const said = words.flatMap((word, index) => {
    const value = NUMBER_WORDS.indexOf(word);
    return value > 1 ? [value * (/^weeks?$/.test(words[index + 1] ?? '') ? 7 : 1)] : [];
  });
  return [...numbers, ...said];
}
