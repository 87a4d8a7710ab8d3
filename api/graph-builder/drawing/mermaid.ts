import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import type { MicroAgent, SkillGraph } from '../../../contracts/skill-graph.ts';

/** Deepest nesting that is drawn; deeper graphs appear as one box. */
const MAX_DRAWN_DEPTH = 5;

/**
 * The employee as a Mermaid flow chart: skills as boxes, their micro-agents and nested graphs inside.
 * Syntax: https://mermaid.js.org/syntax/flowchart.html
 */
export function toMermaid({ graph, skill_graphs: graphs }: EmployeeDefinition): string {
  const lines = ['flowchart TD'];
  for (const { id, title, skill_graph: skill } of graph.nodes) {
    lines.push(...drawBox(`s_${id}`, title, Object.hasOwn(graphs, skill) ? graphs[skill] : undefined, graphs, 1));
  }
  for (const { from, to, when, loop } of graph.edges) lines.push(`  ${arrow(`s_${from}`, `s_${to}`, when, loop)}`);
  return `${lines.join('\n')}\n`;
}

function drawBox(
  id: string,
  title: string,
  graph: SkillGraph | undefined,
  graphs: { [id: string]: SkillGraph },
  depth: number,
): string[] {
  const indent = '  '.repeat(depth);
  if (!graph || depth > MAX_DRAWN_DEPTH) return [`${indent}${id}["${label(title)}"]`];
  const inner = '  '.repeat(depth + 1);
  return [
    `${indent}subgraph ${id}["${label(title)}"]`,
    ...graph.nodes.flatMap((node) => drawAgent(`${id}__${node.id}`, node, graphs, depth + 1)),
    ...graph.edges.map(({ from, to, when }) => `${inner}${arrow(`${id}__${from}`, `${id}__${to}`, when, false)}`),
    `${indent}end`,
  ];
}

function drawAgent(id: string, node: MicroAgent, graphs: { [id: string]: SkillGraph }, depth: number): string[] {
  const title = node.title ?? node.id;
  const indent = '  '.repeat(depth);
  if (node.kind === 'graph' || node.kind === 'foreach') {
    const name = node.kind === 'graph' ? node.graph : node.body;
    const heading = node.kind === 'graph' ? title : `${title} (for each)`;
    return drawBox(id, heading, Object.hasOwn(graphs, name) ? graphs[name] : undefined, graphs, depth);
  }
  const text = label(node.kind === 'capability' ? `${title}\n${node.capability}` : title);
  if (node.kind === 'branch') return [`${indent}${id}{"${text}"}`];
  if (node.kind === 'approval') return [`${indent}${id}{{"${text}"}}`];
  return [node.kind === 'capability' ? `${indent}${id}(["${text}"])` : `${indent}${id}["${text}"]`];
}

function arrow(from: string, to: string, when: string | undefined, isBack: boolean): string {
  const line = isBack ? '-.->' : '-->';
  return when === undefined ? `${from} ${line} ${to}` : `${from} ${line}|"${label(when)}"| ${to}`;
}

/** Labels hold text from outside: everything that Mermaid or HTML could read as markup becomes an entity. */
function label(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  const escaped = short.replace(/[#"<>&`;|\\{}[\]()%]/g, (character) => `#${character.codePointAt(0)};`);
  return escaped.replace(/\r?\n/g, '<br/>').replace(/\p{Cc}/gu, ' ');
}
