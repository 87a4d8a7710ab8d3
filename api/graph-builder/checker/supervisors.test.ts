import { describe, expect, test } from 'vitest';
import { employeeDefinitionSchema } from '../../../contracts/employee-graph.ts';
import { capabilitiesOf } from '../graph-capabilities.ts';
import { slackCatalogue } from '../testing/slack-catalogue.ts';
import { checkEmployee } from './check-employee.ts';

const catalogue = slackCatalogue();
type Loose = { [member: string]: unknown };

const skill = (id: string, graph: string, more: Loose = {}): Loose => ({
  id,
  type: 'skill',
  skill_graph: graph,
  title: id,
  permissions: ['slack.read', 'slack.write'],
  input: {},
  ...more,
});
const ask: Loose = {
  id: 'ask',
  kind: 'model',
  instructions: 'Choose.',
  input: {},
  schema: { type: 'object' },
  fallback: { next: [], reason: '=reason' },
};
const { fallback: _fallback, ...withoutFallback } = ask;
const choose: Loose = { nodes: [ask], output: { next: '=nodes.ask.next', reason: '=nodes.ask.reason' } };
const agent: Loose = {
  id: 'work',
  kind: 'agent',
  instructions: 'Work.',
  input: {},
  tools: [
    {
      capability: 'slack/slack.post',
      description: 'Posts.',
      parameters: { type: 'object', properties: { text: { type: 'string' } } },
      fixed: { channel: '#a' },
    },
  ],
  schema: { type: 'object' },
};

function problemsOf(change: { lead?: Loose; choose?: Loose; edges?: Loose[]; work?: Loose; permissions?: string[] } = {}) {
  const graphs = [
    { id: 'sg_choose_v1', title: 'Choose', input: {}, edges: [], ...choose, ...change.choose },
    { id: 'sg_work_v1', title: 'Work', input: {}, edges: [], nodes: [{ ...agent, ...change.work }] },
  ];
  const skill_graphs = Object.fromEntries(graphs.map((graph) => [graph.id, graph]));
  const lead = skill('lead', 'sg_choose_v1', { type: 'supervisor', permissions: [], max_visits: 3, ...change.lead });
  const definition = employeeDefinitionSchema.parse({
    graph: {
      graph_id: 'emp_test',
      type: 'employee',
      nodes: [lead, skill('a', 'sg_work_v1', change.permissions ? { permissions: change.permissions } : {})],
      edges: change.edges ?? [
        { from: 'lead', to: 'a' },
        { from: 'a', to: 'lead', loop: true },
      ],
    },
    skill_graphs,
    policy: [{ capability: 'slack/*', effect: 'require_approval', reason: 'asked' }],
    capabilities: [],
  });
  const capabilities = [...new Set(graphs.flatMap(({ id }) => capabilitiesOf(id, definition.skill_graphs)))];
  return checkEmployee({ ...definition, capabilities }, catalogue).map(({ code, path, message }) => `${code} ${path} ${message}`);
}

test('a supervisor and a model with tools that are whole pass', () => {
  expect(problemsOf()).toEqual([]);
});

describe('a supervisor is refused that', () => {
  test.each<[string, Parameters<typeof problemsOf>[0], RegExp]>([
    ['has nothing to choose', { edges: [] }, /supervisor_invalid nodes\/lead .* leads nowhere/],
    ['has ways with conditions', { edges: [{ from: 'lead', to: 'a', when: 'true' }] }, /ways with conditions/],
    ['names a target that is not there', { edges: [{ from: 'lead', to: 'b' }] }, /dead_end/],
    ['decides without end', { lead: { max_visits: 21 } }, /21 times; 20 are allowed/],
    ['cannot do without a model', { choose: { nodes: [withoutFallback] } }, /ask has no fallback/],
    ['gives no decision', { choose: { output: { next: 'a' } } }, /gives no decision/],
    [
      'does something itself',
      {
        choose: {
          nodes: [ask, { id: 'x', kind: 'capability', capability: 'slack/slack.post', parameters: { channel: '#a', text: 'x' } }],
        },
      },
      /uses x \(capability\)/,
    ],
    ['works with tools itself', { choose: { nodes: [ask, agent] } }, /uses work \(agent\)/],
  ])('%s', (_what, change, problem) => {
    expect(problemsOf(change).join('\n')).toMatch(problem);
  });
});

describe('a model with tools is refused that', () => {
  const [tool] = agent['tools'] as Loose[];
  test.each<[string, Loose | undefined, string[] | undefined, RegExp]>([
    ['has a tool beyond its skill’s permissions', undefined, ['slack.read'], /permission_missing nodes\/a/],
    ['has a tool that nobody has', { tools: [{ ...tool, capability: 'bank/money.take' }] }, undefined, /capability_unknown/],
    [
      'cannot give what its tool needs',
      { tools: [{ ...tool, fixed: {} }] },
      undefined,
      /parameter_missing .*tools\/0\/parameters\/channel/,
    ],
    [
      'gives its tool what that does not take',
      { tools: [{ ...tool, fixed: { channel: '#a', bcc: 'x' } }] },
      undefined,
      /parameter_unknown/,
    ],
  ])('%s', (_what, work, permissions, problem) => {
    expect(problemsOf({ ...(work && { work }), ...(permissions && { permissions }) }).join('\n')).toMatch(problem);
  });
});
