import type { CheckCode } from '../../api/graph-builder/checker/problem.ts';
import type { EmployeeDefinition } from '../../contracts/employee-graph.ts';
import { skillGraphSchema, type MicroAgent, type SkillGraph } from '../../contracts/skill-graph.ts';
import { oneOf, type Pick } from './pick.ts';

/** One way of making a definition that cannot run, or must not. False: this one offers no place for it. */
export interface Break {
  code: CheckCode;
  what: string;
  apply(definition: EmployeeDefinition, pick: Pick): boolean;
}

const firstGraph = ({ graph, skill_graphs: graphs }: EmployeeDefinition): SkillGraph => graphs[graph.nodes[0]!.skill_graph]!;
const capabilityNode = (definition: EmployeeDefinition, pick: Pick) =>
  oneOf(
    pick,
    firstGraph(definition).nodes.filter((node) => node.kind === 'capability'),
  );
const transform = (id: string, expression = '1'): MicroAgent => ({ id, kind: 'transform', expression });
const made = (id: string, nodes: object[], edges: object[] = []): SkillGraph =>
  skillGraphSchema.parse({ id, title: id, input: {}, nodes, edges });

/** What the checker must find, each with how a sound definition comes to have it. */
export const BREAKS: readonly Break[] = [
  {
    code: 'capability_unknown',
    what: 'a call of what no provider has',
    apply(definition, pick) {
      const node = capabilityNode(definition, pick);
      if (node) node.capability = 'slack/slack.shout';
      return node !== undefined;
    },
  },
  {
    code: 'permission_missing',
    what: 'a skill without the permission of its call',
    apply({ graph }) {
      const node = graph.nodes.find(({ permissions }) => permissions.length > 0);
      node?.permissions.splice(0, 1);
      return node !== undefined;
    },
  },
  {
    code: 'capabilities_differ',
    what: 'a right that no skill needs',
    apply: ({ capabilities }) =>
      !capabilities.includes('quickbooks/payment.create') && capabilities.push('quickbooks/payment.create') > 0,
  },
  {
    code: 'dead_end',
    what: 'an edge to nowhere',
    apply: (definition) => firstGraph(definition).edges.push({ from: firstGraph(definition).nodes[0]!.id, to: 'nowhere' }) > 0,
  },
  {
    code: 'dead_end',
    what: 'a branch without a way for other values',
    apply(definition) {
      const graph = firstGraph(definition);
      const way = graph.edges.find(({ when }) => when === 'otherwise');
      if (way) way.when = 'surely';
      return way !== undefined;
    },
  },
  {
    code: 'unreachable',
    what: 'nodes that only lead to each other',
    apply(definition) {
      const graph = firstGraph(definition);
      graph.nodes.push({ id: 'island', kind: 'branch', expression: '"on"' }, transform('shore'));
      graph.edges.push({ from: 'island', to: 'shore', when: 'otherwise' }, { from: 'shore', to: 'island' });
      return true;
    },
  },
  {
    code: 'loop_unbounded',
    what: 'a circle that nothing leaves',
    apply(definition) {
      const graph = firstGraph(definition);
      graph.nodes.push(transform('round'), transform('about'));
      graph.edges.push({ from: graph.nodes[0]!.id, to: 'round' }, { from: 'round', to: 'about' }, { from: 'about', to: 'round' });
      return true;
    },
  },
  {
    code: 'loop_unbounded',
    what: 'a way back that starts at no branch',
    apply(definition) {
      const graph = firstGraph(definition);
      graph.nodes.push({ id: 'choose', kind: 'branch', expression: '"on"' }, transform('again'));
      graph.edges.push({ from: graph.nodes[0]!.id, to: 'choose' }, { from: 'choose', to: 'again', when: 'otherwise' });
      graph.edges.push({ from: 'again', to: 'choose' });
      return true;
    },
  },
  {
    code: 'loop_unbounded',
    what: 'skills in a circle',
    apply({ graph }) {
      const edge = graph.edges.find(({ loop }) => !loop);
      if (edge) graph.edges.push({ from: edge.to, to: edge.from, loop: false });
      return edge !== undefined;
    },
  },
  {
    code: 'parameter_type',
    what: 'a list where a text is wanted',
    apply(definition, pick) {
      const node = capabilityNode(definition, pick);
      const [name] = Object.keys(node?.parameters ?? {});
      if (node && name !== undefined) node.parameters[name] = { wrong: [] };
      return name !== undefined;
    },
  },
  {
    code: 'parameter_missing',
    what: 'a call without what it needs',
    apply(definition, pick) {
      const node = capabilityNode(definition, pick);
      const [name] = Object.keys(node?.parameters ?? {});
      if (node && name !== undefined) delete node.parameters[name];
      return name !== undefined;
    },
  },
  {
    code: 'parameter_unknown',
    what: 'an input that the skill does not take',
    apply({ graph }) {
      graph.nodes[0]!.input['no_such'] = 1;
      return true;
    },
  },
  {
    code: 'expression_invalid',
    what: 'an expression that does not compile',
    apply: (definition) => firstGraph(definition).nodes.push(transform('broken', '$sum([1, 2')) > 0,
  },
  {
    code: 'expression_forbidden',
    what: 'a function that is taken away',
    apply: (definition) => firstGraph(definition).nodes.push(transform('chance', '$random() > 0.5')) > 0,
  },
  {
    code: 'policy_missing',
    what: 'a write that no rule decides',
    apply(definition) {
      const before = definition.policy.length;
      definition.policy = definition.policy.filter(({ when }) => when !== undefined);
      return definition.policy.length < before;
    },
  },
  {
    code: 'graph_missing',
    what: 'a graph that is not there',
    apply: (definition) => firstGraph(definition).nodes.push({ id: 'gone', kind: 'graph', graph: 'sg_gone_v1', input: {} }) > 0,
  },
  {
    code: 'graph_recursive',
    what: 'a graph within itself',
    apply: (definition) =>
      firstGraph(definition).nodes.push({ id: 'self', kind: 'graph', graph: firstGraph(definition).id, input: {} }) > 0,
  },
  {
    code: 'graph_too_deep',
    what: 'graphs within graphs within graphs',
    apply(definition) {
      for (let at = 1; at <= 7; at += 1) {
        const inner = at === 7 ? transform('end') : { id: 'down', kind: 'graph', graph: `sg_deep${at + 1}_v1`, input: {} };
        definition.skill_graphs[`sg_deep${at}_v1`] = made(`sg_deep${at}_v1`, [inner]);
      }
      return firstGraph(definition).nodes.push({ id: 'dive', kind: 'graph', graph: 'sg_deep1_v1', input: {} }) > 0;
    },
  },
  {
    code: 'secret_in_text',
    what: 'a token in a title',
    apply({ graph }) {
      graph.nodes[0]!.title = `Use xoxb-${'1'.repeat(12)}-abcdefgh`;
      return true;
    },
  },
  {
    code: 'too_many_calls',
    what: 'a list of lists of calls',
    apply(definition, pick) {
      const node = capabilityNode(definition, pick);
      if (!node) return false;
      const each = (body: string) => ({ id: 'each', kind: 'foreach', items: '[1, 2]', body, input: {}, max_items: 100 });
      const copy = structuredClone({ ...node, id: 'call' });
      definition.skill_graphs['sg_inner_v1'] = made('sg_inner_v1', [copy]);
      definition.skill_graphs['sg_middle_v1'] = made('sg_middle_v1', [each('sg_inner_v1')]);
      const outer = made('sg_outer_v1', [each('sg_middle_v1')]).nodes[0]!;
      return firstGraph(definition).nodes.push({ ...outer, id: 'everything' }) > 0;
    },
  },
  {
    code: 'steps_too_few',
    what: 'more nodes that always run than steps',
    apply(definition) {
      const graph = firstGraph(definition);
      graph.max_steps = 1;
      graph.nodes.push(transform('one_more'));
      return true;
    },
  },
  {
    code: 'schema_invalid',
    what: 'a schema of an answer that is none',
    apply: (definition) =>
      firstGraph(definition).nodes.push({ id: 'say', kind: 'model', instructions: '', input: {}, schema: { type: 'nonsense' } }) >
      0,
  },
  {
    code: 'id_clash',
    what: 'two nodes of one id',
    apply: (definition) => firstGraph(definition).nodes.push(transform(firstGraph(definition).nodes[0]!.id)) > 0,
  },
];
