import type { EmployeeDefinition } from '../../contracts/employee-graph.ts';

/**
 * Two skills, a nested graph, a foreach, a branch, a wait, and reads and writes at the provider: every kind of event that a
 * run without people records. `tag` marks its messages, so that effects are told apart.
 */
export function twoSkillEmployee(graphId: string, tag: string): EmployeeDefinition {
  return {
    graph: {
      graph_id: graphId,
      type: 'employee',
      nodes: [
        {
          id: 'write_digest',
          type: 'skill',
          skill_graph: 'sg_test_digest_v1',
          title: 'Write the digest',
          permissions: ['slack.read', 'slack.write'],
          input: { channels: ['#support', '#billing'], tag },
          isolation: 'child',
          max_visits: 1,
        },
        {
          id: 'announce',
          type: 'skill',
          skill_graph: 'sg_test_announce_v1',
          title: 'Announce it',
          permissions: ['slack.write'],
          input: { count: '=skills.write_digest.output.count', tag },
          isolation: 'child',
          max_visits: 1,
        },
      ],
      edges: [{ from: 'write_digest', to: 'announce', when: 'skills.write_digest.output.count > 0', loop: false }],
    },
    skill_graphs: {
      sg_test_digest_v1: {
        id: 'sg_test_digest_v1',
        title: 'Digest',
        input: { channels: parameter('array'), tag: parameter('string') },
        max_steps: 50,
        nodes: [
          {
            id: 'each_channel',
            kind: 'foreach',
            items: 'input.channels',
            body: 'sg_test_channel_v1',
            input: { channel: '=item', tag: '=input.tag' },
            max_items: 10,
            max_parallel: 2,
          },
          { id: 'total', kind: 'transform', expression: '{ "count": $sum(nodes.each_channel.count) }' },
          { id: 'enough', kind: 'branch', expression: 'nodes.total.count > 0 ? "yes" : "no"' },
          { id: 'pause', kind: 'wait', seconds: 0.05 },
          {
            id: 'publish',
            kind: 'graph',
            graph: 'sg_test_publish_v1',
            input: { tag: '=input.tag', count: '=nodes.total.count' },
          },
        ],
        edges: [
          { from: 'each_channel', to: 'total' },
          { from: 'total', to: 'enough' },
          { from: 'enough', to: 'pause', when: 'yes' },
          { from: 'pause', to: 'publish' },
        ],
        output: { count: '=nodes.total.count' },
      },
      sg_test_channel_v1: {
        id: 'sg_test_channel_v1',
        title: 'One channel',
        input: { channel: parameter('string'), tag: parameter('string') },
        max_steps: 20,
        nodes: [
          { id: 'read', kind: 'capability', capability: 'slack/slack.read', parameters: { channel: '=input.channel', limit: 2 } },
          {
            id: 'note',
            kind: 'capability',
            capability: 'slack/slack.post',
            parameters: { channel: '#digest', text: '=input.tag & " covered " & input.channel' },
          },
        ],
        edges: [{ from: 'read', to: 'note' }],
        output: { count: '=$count(nodes.read.messages)' },
      },
      sg_test_publish_v1: {
        id: 'sg_test_publish_v1',
        title: 'Publish',
        input: { tag: parameter('string'), count: parameter('number') },
        max_steps: 20,
        nodes: [
          {
            id: 'post',
            kind: 'capability',
            capability: 'slack/slack.post',
            parameters: { channel: '#digest', text: '=input.tag & " digest of " & $string(input.count)' },
          },
        ],
        edges: [],
      },
      sg_test_announce_v1: {
        id: 'sg_test_announce_v1',
        title: 'Announce',
        input: { count: parameter('number'), tag: parameter('string') },
        max_steps: 20,
        nodes: [
          {
            id: 'post',
            kind: 'capability',
            capability: 'slack/slack.post',
            parameters: { channel: '#general', text: '=input.tag & " announced " & $string(input.count)' },
          },
        ],
        edges: [],
      },
    },
    policy: [
      {
        capability: 'slack/slack.post',
        effect: 'allow',
        approvers: [],
        timeout_seconds: 3600,
        on_timeout: 'reject',
        reason: 'The test allows it.',
      },
    ],
    capabilities: ['slack/slack.read', 'slack/slack.post'],
  };
}

function parameter(type: 'array' | 'number' | 'string') {
  return { type, description: 'given by the test', required: true };
}

/** What the provider must have seen of a run of that employee, each exactly once. */
export function expectedTexts(tag: string): string[] {
  return [`${tag} covered #support`, `${tag} covered #billing`, `${tag} digest of 4`, `${tag} announced 4`];
}
