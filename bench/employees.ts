import type { EmployeeDefinition } from '../contracts/employee-graph.ts';
import type { SkillGraph } from '../contracts/skill-graph.ts';

export const CHANNEL = '#digest';
export const POST_CAPABILITY = 'slack/slack.post';
/** The one skill of these employees. */
export const SKILL_NODE = 'say';

/** Longer than a benchmark: a run that waits this long is open throughout. */
const PAUSE_SECONDS = 3_600;

const post: SkillGraph['nodes'][number] = {
  id: 'post',
  kind: 'capability',
  capability: POST_CAPABILITY,
  parameters: { channel: CHANNEL, text: '=input.text' },
};

type Isolation = EmployeeDefinition['graph']['nodes'][number]['isolation'];

/** The smallest employee that makes an effect: one skill, one message with the text that the run was started with. */
export function postingEmployee(isolation: Isolation): (graphId: string) => EmployeeDefinition {
  return (graphId) => employee(graphId, isolation, { nodes: [post], edges: [] });
}

/** May post the same, but waits before it: its run stays open for calls that others make with its ticket. */
export function waitingEmployee(graphId: string): EmployeeDefinition {
  const pause: SkillGraph['nodes'][number] = { id: 'pause', kind: 'wait', seconds: PAUSE_SECONDS };
  return employee(graphId, 'child', { nodes: [pause, post], edges: [{ from: 'pause', to: 'post' }] });
}

const text = { type: 'string', description: 'What to post', required: true } as const;

function employee(graphId: string, isolation: Isolation, skill: Pick<SkillGraph, 'nodes' | 'edges'>): EmployeeDefinition {
  return {
    graph: {
      graph_id: graphId,
      type: 'employee',
      nodes: [
        {
          id: SKILL_NODE,
          type: 'skill',
          skill_graph: 'sg_bench_v1',
          title: 'Say it',
          permissions: ['slack.write'],
          input: { text: '=trigger.payload.text' },
          isolation,
          max_visits: 1,
        },
      ],
      edges: [],
    },
    skill_graphs: { sg_bench_v1: { id: 'sg_bench_v1', title: 'Say it', input: { text }, max_steps: 10, ...skill } },
    policy: [
      {
        capability: POST_CAPABILITY,
        effect: 'allow',
        approvers: [],
        timeout_seconds: 3_600,
        on_timeout: 'reject',
        reason: 'The benchmark measures posts that nobody has to approve.',
      },
    ],
    capabilities: [POST_CAPABILITY],
  };
}
