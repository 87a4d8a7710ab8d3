import type { EmployeeDefinition } from '../../contracts/employee-graph.ts';
import type { SkillGraph } from '../../contracts/skill-graph.ts';

export interface Poster {
  /** Where the run stands still, for so long that nothing but a test ends it. */
  waits?: 'before' | 'after';
  /** What the policy says of the post. */
  effect: 'allow' | 'require_approval';
}

const WAIT_SECONDS = 3_600;

/** One skill that posts the text it was started with. */
export function posterDefinition(graphId: string, poster: Poster): EmployeeDefinition {
  return {
    graph: {
      graph_id: graphId,
      type: 'employee',
      nodes: [
        {
          id: 'write',
          type: 'skill',
          skill_graph: 'sg_test_post_v1',
          title: 'Post',
          permissions: ['slack.write'],
          input: {},
          isolation: 'child',
          max_visits: 1,
        },
      ],
      edges: [],
    },
    skill_graphs: { sg_test_post_v1: graphOf(poster) },
    policy: [
      {
        capability: 'slack/slack.post',
        effect: poster.effect,
        approvers: [],
        timeout_seconds: 3_600,
        on_timeout: 'reject',
        reason: 'The test says so.',
      },
    ],
    capabilities: ['slack/slack.post'],
  };
}

/** `text` is a template. */
export function postingGraph(text: string): SkillGraph {
  return {
    id: 'sg_test_post_v1',
    title: 'Post',
    input: {},
    max_steps: 10,
    nodes: [{ id: 'post', kind: 'capability', capability: 'slack/slack.post', parameters: { channel: '#billing', text } }],
    edges: [],
  };
}

function graphOf({ waits }: Poster): SkillGraph {
  const posting = postingGraph('=trigger.payload.text');
  if (waits === undefined) return posting;
  const nodes: SkillGraph['nodes'] = [...posting.nodes, { id: 'pause', kind: 'wait', seconds: WAIT_SECONDS }];
  const edge = waits === 'before' ? { from: 'pause', to: 'post' } : { from: 'post', to: 'pause' };
  return { ...posting, nodes, edges: [edge] };
}
