import { qualifyCapability } from '../../contracts/ids.ts';
import type { Capability } from '../../contracts/capability.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { skillGraphSchema, type SkillGraph } from '../../contracts/skill-graph.ts';
import { fits, valueOf } from './schema-values.ts';
import { oneOf, type Pick } from './pick.ts';

type Type = 'string' | 'number' | 'boolean' | 'array' | 'object';
type Node = { id: string; kind: string; [member: string]: Json };

const TYPES: readonly [Type, ...Type[]] = ['string', 'number', 'boolean', 'array', 'object'];
const LITERALS: { [type in Type]: Json } = { string: 'text', number: 3, boolean: true, array: ['a', 'b'], object: { a: 1 } };

/** What expressions of a graph may speak of: its inputs, and nodes that have run. */
interface Known {
  inputs: string[];
  nodes: string[];
}

/** An expression that has a value of this type whatever the data are. */
function expression(pick: Pick, type: Type, { inputs, nodes }: Known): string {
  const paths = [...inputs.map((name) => `input.${name}`), ...nodes.map((id) => `nodes.${id}`), 'trigger.type'];
  const path = oneOf(pick, paths) ?? 'now';
  switch (type) {
    case 'string':
      return pick.of([`"a" & $string(${path})`, `$exists(${path}) ? "yes" : "no"`, `$substring(now, 0, 10)`]);
    case 'number':
      return pick.of([`$count(${path})`, `$length($string(now)) + 1`, `$sum([1, 2, $count(${path})])`]);
    case 'boolean':
      return pick.of([`$exists(${path})`, `$count(${path}) > 1`, `$not($exists(${path}))`]);
    case 'array':
      return pick.of(['[1, 2]', '["x"]', '[["y"], ["z"]]', '[]']);
    case 'object':
      return pick.of([`{"seen": $exists(${path})}`, `{"count": $count(${path}), "at": now}`]);
  }
}

/** Inputs for a graph: each required one, some of the others, as a literal or as an expression. */
export function inputFor(pick: Pick, graph: SkillGraph, known: Known): JsonObject {
  const wanted = Object.entries(graph.input).filter(
    ([, { required, default: byDefault }]) => (required && byDefault === undefined) || pick.oneIn(2),
  );
  return Object.fromEntries(
    wanted.map(([name, { type }]) => [name, pick.oneIn(2) ? LITERALS[type] : `=${expression(pick, type, known)}`]),
  );
}

/** A skill graph that runs: a chain of nodes, with branches that join again and ways back that end. */
export function generateSkill(
  pick: Pick,
  id: string,
  below: readonly SkillGraph[],
  capabilities: readonly Capability[],
): SkillGraph {
  const input = generateInput(pick);
  const nodes: Node[] = [];
  const edges: { from: string; to: string; when?: string }[] = [];
  const known: Known = { inputs: Object.keys(input), nodes: [] };
  const length = pick.number(1, 3);
  let last: string | undefined;
  for (let at = 0; at < length; at += 1) {
    const node = generateNode(pick, `n${at}`, { below, capabilities, known });
    nodes.push(node);
    if (last !== undefined) edges.push({ from: last, to: node.id });
    last = node.id;
    known.nodes.push(node.id);
    if (pick.oneIn(4)) last = addBranch(pick, at, last, { nodes, edges, known });
  }
  const output = pick.oneIn(2) ? { output: { last: `=${expression(pick, 'string', known)}` } } : {};
  return skillGraphSchema.parse({ id, title: id, input, nodes, edges, max_steps: pick.of([60, 30, 100]), ...output });
}

function generateInput(pick: Pick): JsonObject {
  return Object.fromEntries(
    Array.from({ length: pick.number(0, 3) }, (_, at) => {
      const type = pick.of(TYPES);
      const required = pick.oneIn(2);
      return [`p${at}`, { type, description: 'a parameter', required, ...(pick.oneIn(3) && { default: LITERALS[type] }) }];
    }),
  );
}

/** A choice between two ways that come together again; sometimes a way back to before the choice, taken by one value. */
function addBranch(
  pick: Pick,
  at: number,
  from: string,
  { nodes, edges, known }: { nodes: Node[]; edges: { from: string; to: string; when?: string }[]; known: Known },
): string {
  const [branch, one, other, join] = [`b${at}`, `l${at}`, `r${at}`, `j${at}`];
  const transform = (id: string): Node => ({ id, kind: 'transform', expression: expression(pick, pick.of(TYPES), known) });
  nodes.push({ id: branch, kind: 'branch', expression: expression(pick, pick.of(['string', 'boolean', 'number']), known) });
  nodes.push(transform(one), transform(other), transform(join));
  edges.push(
    { from, to: branch },
    { from: branch, to: one, when: pick.of(['true', 'yes', '1']) },
    { from: branch, to: other, when: 'otherwise' },
  );
  edges.push({ from: one, to: join }, { from: other, to: join });
  // The first node must stay one that nothing leads to: a graph starts there.
  if (at > 0 && pick.oneIn(3)) edges.push({ from: branch, to: from, when: 'never' });
  known.nodes.push(join);
  return join;
}

interface Around {
  below: readonly SkillGraph[];
  capabilities: readonly Capability[];
  known: Known;
}

function generateNode(pick: Pick, id: string, { below, capabilities, known }: Around): Node {
  const kind = pick.of(['capability', 'transform', 'foreach', 'graph', 'wait', 'approval', 'model', 'capability', 'agent']);
  const inner = oneOf(pick, below);
  const capability = oneOf(pick, capabilities);
  const plain: Node = { id, kind: 'transform', expression: expression(pick, pick.of(TYPES), known) };
  switch (kind) {
    case 'capability':
      return capability ? callNode(pick, id, capability) : plain;
    case 'foreach':
      return inner
        ? {
            id,
            kind,
            items: expression(pick, 'array', known),
            body: inner.id,
            input: inputFor(pick, inner, known),
            max_items: pick.of([5, 3]),
            max_parallel: 2,
          }
        : plain;
    case 'graph':
      return inner ? { id, kind, graph: inner.id, input: inputFor(pick, inner, known) } : plain;
    case 'wait':
      return { id, kind, seconds: pick.of([0, 60, `=${expression(pick, 'number', known)}`]) };
    case 'approval':
      return { id, kind, question: pick.of(['May I?', `=${expression(pick, 'string', known)}`]) };
    case 'model':
      return { id, kind, instructions: 'Say it.', input: `=${expression(pick, 'object', known)}`, schema: ANSWER };
    case 'agent':
      return capability && capability.risk === 'read' ? agentNode(id, capability) : plain;
    default:
      return plain;
  }
}

const ANSWER: JsonObject = {
  type: 'object',
  properties: { said: { type: 'string' } },
  required: ['said'],
  additionalProperties: false,
};

function callNode(pick: Pick, id: string, capability: Capability): Node {
  const qualified = qualifyCapability(capability.provider, capability.capability);
  const continues = pick.oneIn(3) ? { on_refused: 'continue' } : {};
  return { id, kind: 'capability', capability: qualified, parameters: parametersOf(capability) ?? {}, ...continues };
}

function agentNode(id: string, capability: Capability): Node {
  const tool = {
    capability: qualifyCapability(capability.provider, capability.capability),
    description: capability.title,
    parameters: { type: 'object', properties: {}, additionalProperties: false },
    fixed: parametersOf(capability) ?? {},
  };
  return { id, kind: 'agent', instructions: 'Find it.', input: {}, tools: [tool], schema: ANSWER, max_turns: 3 };
}

/** Literal parameters of a call that its schema accepts: the required ones. */
export function parametersOf({ input_schema: schema }: Capability): JsonObject | undefined {
  const required = (schema['required'] ?? []) as string[];
  const properties = (schema['properties'] ?? {}) as { [name: string]: JsonObject };
  const entries = required.map((name): [string, Json | undefined] => [name, valueOf(properties[name] ?? {}, 1)]);
  const parameters = Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  return fits(schema, parameters) ? parameters : undefined;
}
