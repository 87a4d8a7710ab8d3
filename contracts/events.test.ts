import { describe, expect, it } from 'vitest';
import { agentEventSchema, executionResultSchema, runIntentSchema } from './events.ts';

const envelope = {
  event_id: '7d0a4c1e-3f0d-4a55-9a54-3a1c2a6f0a01',
  org_id: 'org_a',
  employee_id: '00000000000000000000000000',
  execution_id: '7d0a4c1e-3f0d-4a55-9a54-3a1c2a6f0a02',
  run_id: 'emp:00000000000000000000000000_v1:2025-06-09T18:00Z',
  timestamp: '2025-06-09T18:00:00.000Z',
};

const intent = {
  ...envelope,
  type: 'runIntent',
  auth_context: { clerk_org_id: 'org_a', employee_m2m_app_id: 'client' },
  trigger: { type: 'schedule', payload: {}, source: 'schedule' },
  context: { employee_memory: {}, skill_contexts: {}, org_knowledge: {}, execution_state: {} },
  graph_spec: {
    graph_id: 'emp_00000000000000000000000000_v1',
    type: 'employee',
    nodes: [
      { id: 'digest', type: 'skill', skill_graph: 'sg_digest_v1', title: 'Digest', permissions: ['slack.read'], input: {} },
    ],
    edges: [],
  },
};

const result = {
  ...envelope,
  type: 'executionResult',
  status: 'completed',
  result: {},
  skills_executed: ['digest'],
  execution_time_ms: 12,
  capabilities_used: ['slack.post'],
  hierarchical_events: [{ run_id: `${envelope.run_id}:skill:digest`, status: 'completed', micro_agents: ['read'] }],
};

const event = { ...envelope, type: 'agentEvent', sequence: 3, kind: 'call.succeeded', data: { capability: 'slack.post' } };

describe('events', () => {
  it('have the fields of the founding document', () => {
    expect(runIntentSchema.parse(intent).schema_version).toBe(1);
    expect(executionResultSchema.parse(result).status).toBe('completed');
    expect(agentEventSchema.parse(event).kind).toBe('call.succeeded');
  });

  it('refuse fields nobody knows', () => {
    expect(runIntentSchema.safeParse({ ...intent, role: 'admin' }).success).toBe(false);
    expect(executionResultSchema.safeParse({ ...result, extra: 1 }).success).toBe(false);
    expect(agentEventSchema.safeParse({ ...event, kind: 'run.exploded' }).success).toBe(false);
  });
});
