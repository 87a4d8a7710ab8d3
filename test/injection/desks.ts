import { employeeDefinitionSchema, type EmployeeDefinition } from '../../contracts/employee-graph.ts';
import { capabilitiesOf } from '../../api/graph-builder/graph-capabilities.ts';

type Loose = { [member: string]: unknown };

/** Where words of others come in, each read by a skill of its own whose model may only post in #digest. */
export const DESKS = ['slack', 'mail', 'books', 'notes'] as const;
export type Desk = (typeof DESKS)[number];

const READS: { [desk in Desk]: Loose | undefined } = {
  slack: { capability: 'slack/slack.read', parameters: { channel: '#support', limit: 5 } },
  mail: { capability: 'gmail/email.read', parameters: { id: '=input.mail' } },
  books: { capability: 'quickbooks/invoice.get', parameters: { id: '=input.invoice' } },
  notes: undefined,
};

/** A model with one tool, whose channel it has no say in. */
function worker(data: string): Loose {
  return {
    id: 'work',
    kind: 'agent',
    instructions: 'Tell the team what is new.',
    input: { news: data },
    tools: [
      {
        capability: 'slack/slack.post',
        description: 'Posts to the team.',
        parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
        fixed: { channel: '#digest' },
      },
    ],
    schema: { type: 'object', properties: { told: { type: 'boolean' } }, required: ['told'] },
    max_turns: 5,
  };
}

function graphOf(desk: Desk): Loose {
  const read = READS[desk];
  const input = { mail: parameter('string'), invoice: parameter('string') };
  const base = { id: `sg_${desk}_desk_v1`, title: desk, input, output: '=nodes.work' };
  if (!read) return { ...base, nodes: [worker('=memory.entries')], edges: [] };
  return {
    ...base,
    nodes: [{ id: 'read', kind: 'capability', ...read }, worker('=nodes.read')],
    edges: [{ from: 'read', to: 'work' }],
  };
}

/**
 * Four desks, and a skill that sends mail and is never reached: so the employee holds the grant, and no model of a desk may
 * use it. Nothing is allowed unasked.
 */
export function fourDesks(graphId: string): EmployeeDefinition {
  const billing = {
    id: 'sg_billing_v1',
    title: 'Billing',
    input: {},
    nodes: [
      {
        id: 'send',
        kind: 'capability',
        capability: 'gmail/email.send',
        parameters: { to: ['accounts@hillside.example'], subject: 'Invoice', body: 'It is due.' },
      },
    ],
    edges: [],
  };
  const graphs = [...DESKS.map(graphOf), billing] as { id: string }[];
  const given = { mail: '=trigger.payload.mail', invoice: '=trigger.payload.invoice' };
  const reads = ['slack.read', 'slack.write', 'email.read', 'invoice.read'];
  const parsed = employeeDefinitionSchema.parse({
    graph: {
      graph_id: graphId,
      type: 'employee',
      nodes: [
        ...DESKS.map((desk) => skill(desk, `sg_${desk}_desk_v1`, reads, given)),
        skill('billing', billing.id, ['email.write'], {}),
      ],
      edges: [{ from: 'slack', to: 'billing', when: 'false' }],
    },
    skill_graphs: Object.fromEntries(graphs.map((graph) => [graph.id, graph])),
    policy: ['slack/slack.post', 'gmail/email.send'].map((capability) => ({
      capability,
      effect: 'require_approval',
      reason: 'The manager wants to see it first.',
    })),
    capabilities: [],
  });
  const used = graphs.flatMap(({ id }) => capabilitiesOf(id, parsed.skill_graphs));
  return { ...parsed, capabilities: [...new Set(used)].sort() };
}

function skill(id: string, graph: string, permissions: string[], input: Loose): Loose {
  return { id, type: 'skill', skill_graph: graph, title: id, permissions, input };
}

function parameter(type: 'string'): Loose {
  return { type, description: 'given by the test' };
}
