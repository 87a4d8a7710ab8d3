import { expect, it } from 'vitest';
import type { Catalogue } from '../../contracts/capability.ts';
import { employeeDefinitionSchema, type EmployeeDefinition } from '../../contracts/employee-graph.ts';
import { chooseConnections } from '../employees/choose-connections.ts';
import { checkEmployee } from './checker/check-employee.ts';
import { capabilityEntry } from './testing/capability-entry.ts';
import { slackCatalogue } from './testing/slack-catalogue.ts';

/** A provider that an organisation brought along, as ConnectHub's catalogue shows it to that organisation. */
const DESK: Catalogue['providers'][number] = {
  provider: 'desk',
  title: 'Ticket desk',
  capabilities: [
    capabilityEntry({
      provider: 'desk',
      name: 'ticket.create',
      permission: 'ticket.write',
      risk: 'write',
      properties: { subject: { type: 'string' } },
      required: ['subject'],
    }),
  ],
  connections: [{ connection_id: 'conn_desk', account_name: 'Support', status: 'active', scopes: [] }],
};
const catalogue: Catalogue = { providers: [...slackCatalogue().providers, DESK] };

function definition(parameters: object): EmployeeDefinition {
  return employeeDefinitionSchema.parse({
    graph: {
      graph_id: 'emp_test',
      type: 'employee',
      nodes: [{ id: 'open', type: 'skill', skill_graph: 'sg_open_v1', title: 'Open', permissions: ['ticket.write'], input: {} }],
      edges: [],
    },
    skill_graphs: {
      sg_open_v1: {
        id: 'sg_open_v1',
        title: 'Open a ticket',
        input: {},
        nodes: [{ id: 'create', kind: 'capability', capability: 'desk/ticket.create', parameters }],
        edges: [],
      },
    },
    capabilities: ['desk/ticket.create'],
    policy: [
      {
        capability: 'desk/ticket.create',
        effect: 'require_approval',
        approvers: [],
        timeout_seconds: 60,
        on_timeout: 'reject',
        reason: 'A write.',
      },
    ],
  });
}

it('an employee may use a capability of a provider that its organisation brought along, over its connection', () => {
  const employee = definition({ subject: 'Printer' });
  expect(checkEmployee(employee, catalogue)).toEqual([]);
  const { capabilities } = employee;
  const chosen = chooseConnections({ capabilities, catalogue, wanted: {}, launchUrl: () => '' });
  expect(chosen.get('desk')).toBe('conn_desk');
});

it('its parameters are checked by the schema that came out of the document', () => {
  const codes = checkEmployee(definition({ title: 'Printer' }), catalogue).map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(['parameter_missing', 'parameter_unknown']));
});

it('no other organisation has it', () => {
  expect(checkEmployee(definition({ subject: 'x' }), slackCatalogue()).map(({ code }) => code)).toContain('capability_unknown');
});
