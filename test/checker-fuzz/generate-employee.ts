import { findCapability, riskOf } from '../../api/graph-builder/catalogue.ts';
import { capabilitiesOf } from '../../api/graph-builder/graph-capabilities.ts';
import type { Capability, Catalogue } from '../../contracts/capability.ts';
import { employeeDefinitionSchema, type EmployeeDefinition } from '../../contracts/employee-graph.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { SkillGraph } from '../../contracts/skill-graph.ts';
import { generateSkill, inputFor, parametersOf } from './generate-skill.ts';
import { oneOf, type Pick } from './pick.ts';

/** Capabilities whose parameters can be made up from their schemas alone. */
export function callable({ providers }: Catalogue): Capability[] {
  return providers.flatMap(({ capabilities }) => capabilities).filter((one) => parametersOf(one) !== undefined);
}

/** A random employee: graphs within graphs, skills in a row and side by side, ways with conditions, ways back. */
export function generateEmployee(pick: Pick, catalogue: Catalogue, capabilities: readonly Capability[]): EmployeeDefinition {
  const graphs: SkillGraph[] = [];
  for (let at = 0; at < pick.number(1, 3); at += 1) graphs.push(generateSkill(pick, `sg_g${at}_v1`, graphs, capabilities));
  const byId = Object.fromEntries(graphs.map((graph) => [graph.id, graph]));
  const nodes = Array.from({ length: pick.number(1, 4) }, (_, at) => skillNode(pick, at, graphs, byId, catalogue));
  const used = [...new Set(nodes.flatMap(({ skill_graph: id }) => capabilitiesOf(id, byId)))].sort();
  return employeeDefinitionSchema.parse({
    graph: { graph_id: 'emp_draft', type: 'employee', nodes, edges: edgesBetween(pick, nodes) },
    skill_graphs: byId,
    policy: used.flatMap((name) => rulesFor(pick, name, catalogue)),
    capabilities: used,
  });
}

interface Node {
  id: string;
  skill_graph: string;
  max_visits: number;
  [member: string]: Json;
}

function skillNode(
  pick: Pick,
  at: number,
  graphs: readonly SkillGraph[],
  byId: { [id: string]: SkillGraph },
  catalogue: Catalogue,
): Node {
  const graph = oneOf(pick, graphs);
  if (!graph) throw new Error('an employee has a graph');
  const permissions = capabilitiesOf(graph.id, byId).flatMap((name) => findCapability(catalogue, name)?.permission ?? []);
  return {
    id: `s${at}`,
    type: 'skill',
    skill_graph: graph.id,
    title: `Skill ${at}`,
    permissions: [...new Set(permissions)],
    // Between skills expressions see other names: literals and what is common to both.
    input: inputFor(pick, graph, { inputs: [], nodes: [] }),
    max_visits: pick.of([1, 2, 3]),
    provenance: { sentences: [`Sentence ${at}.`], source: 'person', score: 1 },
  };
}

function edgesBetween(pick: Pick, nodes: readonly Node[]): JsonObject[] {
  const forward = nodes.slice(1).flatMap((node, at): JsonObject[] => {
    const before = nodes[pick.number(0, at)];
    if (!before || pick.oneIn(4)) return [];
    const conditions = ['', `$exists(skills.${before.id}.output)`, 'trigger.type = "schedule"'] as const;
    const when = pick.of(conditions);
    return [{ from: before.id, to: node.id, ...(when !== '' && { when }) }];
  });
  const back = forward.filter(({ from }) => nodes.some(({ id, max_visits: most }) => id === from && most > 1) && pick.oneIn(3));
  return [...forward, ...back.map(({ from, to }) => ({ from: to!, to: from!, loop: true }))];
}

/** A word on each write whatever its parameters are, and often a narrower one before it. */
function rulesFor(pick: Pick, capability: string, catalogue: Catalogue): JsonObject[] {
  const risk = riskOf(catalogue, capability);
  if (risk === 'read') return [];
  const rule = (effect: string, more: JsonObject = {}): JsonObject => ({ capability, effect, reason: 'By the test.', ...more });
  const narrow = pick.oneIn(2) && risk === 'write' ? [rule('allow', { when: '$exists(parameters.text)' })] : [];
  return [...narrow, rule(risk === 'write' && pick.oneIn(2) ? 'allow' : 'require_approval')];
}
