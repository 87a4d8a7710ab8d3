import type { z } from 'zod';
import type { EmployeeDefinition } from '../../contracts/employee-graph.ts';
import type { PolicyRule } from '../../contracts/policy.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { microAgentSchema, skillGraphSchema } from '../../contracts/skill-graph.ts';

type Node = z.input<typeof microAgentSchema>;

export interface OneSkill {
  /** Run one after the other. */
  nodes: Node[];
  /** Bodies of `foreach` nodes, by id. */
  bodies?: { [id: string]: Node[] };
  effect?: PolicyRule['effect'];
  /** Of the rule that the effect stands in. */
  rule?: Partial<PolicyRule>;
  isolation?: 'child' | 'inline';
}

/** An employee with the one skill `work`, whose output is what its nodes made. Writes are allowed unless said otherwise. */
export function oneSkillEmployee(graphId: string, skill: OneSkill): EmployeeDefinition {
  const graphs = { sg_test_work_v1: skill.nodes, ...skill.bodies };
  return {
    graph: {
      graph_id: graphId,
      type: 'employee',
      nodes: [
        {
          id: 'work',
          type: 'skill',
          skill_graph: 'sg_test_work_v1',
          title: 'Work',
          permissions: ['slack.read', 'slack.write', 'invoice.write', 'email.write'],
          input: {},
          isolation: skill.isolation ?? 'child',
          max_visits: 1,
        },
      ],
      edges: [],
    },
    skill_graphs: Object.fromEntries(Object.entries(graphs).map(([id, nodes]) => [id, chain(id, nodes)])),
    policy: [{ ...rule(skill.effect ?? 'allow'), ...skill.rule }],
    capabilities: [...new Set(Object.values(graphs).flatMap(capabilitiesOf))],
  } as EmployeeDefinition; // nodes without their defaults, which hireWith's parse fills in
}

export function post(text: string, channel = '#billing'): Node {
  return { id: 'post', kind: 'capability', capability: 'slack/slack.post', parameters: { channel, text } };
}

export function read(parameters: JsonObject = { channel: '#support', limit: 2 }): Node {
  return { id: 'read', kind: 'capability', capability: 'slack/slack.read', parameters };
}

function chain(id: string, nodes: Node[]): z.input<typeof skillGraphSchema> {
  const edges = nodes.slice(1).map((node, index) => ({ from: nodes[index]?.id ?? '', to: node.id }));
  return { id, title: 'Work', input: {}, nodes, edges, max_steps: 50 };
}

function capabilitiesOf(nodes: Node[]): string[] {
  return nodes.flatMap((node) => (node.kind === 'capability' ? [node.capability] : []));
}

function rule(effect: PolicyRule['effect']): PolicyRule {
  return {
    capability: 'slack/slack.post',
    effect,
    approvers: [],
    timeout_seconds: 3_600,
    on_timeout: 'reject',
    reason: 'The test says so.',
  };
}
