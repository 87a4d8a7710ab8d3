/** Answers as the services give them; stub-service.test.ts holds them to the services' own contracts. */
export const EMPLOYEE_ID = '4f3k9wz0h1c7m2v8x5tq6n0rda';
export const RUN_ID = `emp:${EMPLOYEE_ID}_v1:2025-06-09T18:00:00.000Z`;
export const CALL_ID = `${RUN_ID}:skill:post_digest:call:1`;
export const APPROVAL_ID = '0b6f8a86-8c53-4a0e-9d6c-0d6f5a1f6f10';
export const CONNECTION_ID = 'conn_4f3k9wz0h1c7m2v8x5tq6n0rda';
const EXECUTION_ID = '2f4437d3-09e4-4cdf-99cd-de6dac31ba2b';
const AT = '2025-06-09T18:00:00.000Z';
const LATER = '2025-06-09T18:00:02.500Z';

export const definition = {
  graph: {
    graph_id: `emp_${EMPLOYEE_ID}_v1`,
    type: 'employee',
    nodes: [skill('post_digest', 'Post the digest', ['message.write']), skill('read_support', 'Read #support', ['message.read'])],
    edges: [{ from: 'read_support', to: 'post_digest', when: 'skills.read_support.output.count > 0', loop: false }],
  },
  skill_graphs: {
    sg_any_v1: {
      id: 'sg_any_v1',
      title: 'Any',
      input: {},
      nodes: [{ id: 'say', kind: 'transform', expression: '1' }],
      edges: [],
      max_steps: 100,
    },
  },
  policy: [
    rule('slack/slack.dm', 'deny', 'Forbidden by the job description.', 'Never send direct messages.'),
    rule('slack/slack.post', 'require_approval', 'Default: a person approves what no rule allows.'),
  ],
  capabilities: ['slack/slack.read', 'slack/slack.post'],
};

export const explanation = {
  understood: [
    { sentence: 'Read what people wrote in #support.', skill: 'read_support', capabilities: ['slack/slack.read'], score: 0.92 },
  ],
  triggers: [
    { type: 'schedule', cron: '0 17 * * 1-5', timezone: 'Europe/Berlin', time_given: true, sentence: 'Every weekday at 17:00.' },
  ],
  limits: [{ sentence: 'Never send direct messages.', rule: 'deny slack/slack.dm' }],
  not_understood: [
    { sentence: 'Refill the printer paper.', reason: 'No capability does this.', question: 'Who should do it instead?' },
  ],
  missing_connections: [{ provider: 'slack', launch: '/oauth/launch/slack?capabilities=slack.read,slack.post' }],
};

export const employee = {
  employee_id: EMPLOYEE_ID,
  name: 'Digest writer',
  status: 'draft' as 'draft' | 'active',
  active_version: null as number | null,
  owner_user_id: 'user_ada',
  needs_owner: false,
  labels: ['support'],
  created_at: AT,
  updated_at: AT,
  links: {
    self: `/v1/employees/${EMPLOYEE_ID}`,
    versions: `/v1/employees/${EMPLOYEE_ID}/versions`,
    activate: `/v1/employees/${EMPLOYEE_ID}/activate`,
    runs: `/v1/employees/${EMPLOYEE_ID}/runs`,
  },
};

export const versionSummary = {
  employee_id: EMPLOYEE_ID,
  version: 1,
  content_hash: 'f'.repeat(64),
  created_by: 'user_ada',
  created_at: AT,
  links: { self: `/v1/employees/${EMPLOYEE_ID}/versions/1`, graph: `/v1/employees/${EMPLOYEE_ID}/versions/1/graph` },
};

export const grant = {
  capability: 'slack/slack.post',
  connection_id: CONNECTION_ID,
  granted_by: 'user_ada',
  granted_at: AT,
  revoked_by: null as string | null,
  revoked_at: null as string | null,
};

export const executionResult = {
  event_id: EXECUTION_ID,
  schema_version: 1,
  type: 'executionResult',
  org_id: 'org_acme',
  employee_id: EMPLOYEE_ID,
  execution_id: EXECUTION_ID,
  run_id: RUN_ID,
  timestamp: LATER,
  status: 'completed' as string,
  result: { post_digest: { ts: '1749492000.000100' } },
  skills_executed: ['read_support', 'post_digest'],
  execution_time_ms: 2_500,
  capabilities_used: ['slack.read', 'slack.post'],
  hierarchical_events: [{ run_id: `${RUN_ID}:skill:post_digest`, status: 'completed', micro_agents: ['say'] }],
};

export const run = {
  run_id: RUN_ID,
  employee_id: EMPLOYEE_ID,
  version: 1,
  execution_id: EXECUTION_ID,
  mode: 'live',
  status: 'running' as string,
  waiting_on: [] as string[],
  error_code: null as string | null,
  initiator: { type: 'person', id: 'user_ada' },
  requested_at: AT,
  started_at: AT as string | null,
  finished_at: null as string | null,
  links: {
    self: `/v1/runs/${encodeURIComponent(RUN_ID)}`,
    events: `/v1/runs/${encodeURIComponent(RUN_ID)}/events`,
    employee: `/v1/employees/${EMPLOYEE_ID}`,
    temporal_ui: 'http://127.0.0.1:8233/run',
  },
};

export const trigger = { type: 'direct_command', payload: {}, source: 'person:user_ada' };

export const approval = {
  approval_id: APPROVAL_ID,
  status: 'pending' as string,
  question: 'May I post the digest in #digest?',
  details: {},
  call: {
    call_id: CALL_ID,
    capability: 'slack/slack.post',
    capability_version: 1,
    connection_id: CONNECTION_ID,
    parameters: { channel: 'C1', text: 'Pay 100\u202e000 €\u001b[2K' },
    digest: 'a'.repeat(64),
  },
  proposed: null as { parameters: object; digest: string } | null,
  stands: null as object | null,
  run_id: RUN_ID,
  approvers: ['role:approver'],
  initiator_id: 'user_ada',
  on_timeout: 'reject',
  requested_at: AT,
  expires_at: '2025-06-16T18:00:00.000Z',
  decided_by: null as string | null,
  decided_at: null as string | null,
  reason: null as string | null,
  reminders: 0,
  reminded_at: null as string | null,
  links: { self: `/v1/approvals/${APPROVAL_ID}`, run: `/v1/runs/${encodeURIComponent(RUN_ID)}` },
};

export const connection = {
  connection_id: CONNECTION_ID,
  provider: 'slack',
  account_id: 'T1',
  account_name: 'Acme',
  status: 'active',
  scopes: ['chat:write', 'channels:read'],
  connected_by: 'user_ada',
  created_at: AT,
  updated_at: AT,
};

export const receipt = {
  call_id: CALL_ID,
  run_id: RUN_ID,
  mode: 'live',
  employee_id: EMPLOYEE_ID,
  employee_version: 1,
  initiator: { type: 'person', id: 'user_ada' },
  capability: 'slack/slack.post',
  capability_version: 1,
  connection_id: CONNECTION_ID,
  digest: 'a'.repeat(64),
  parameters_summary: '{"channel":"C1","text":"Digest"}',
  approval_id: APPROVAL_ID,
  edited_by: null as string | null,
  outcome: 'unknown' as string,
  error_code: null,
  provider_effect_id: null,
  attempts: [{ at: AT, outcome: 'maybe', latency_ms: 30_000, code: 'provider_unavailable' }],
  cost_units: 100,
  latency_ms: 30_000,
  resolution: null as string | null,
  resolved_by: null as string | null,
  resolved_at: null as string | null,
  created_at: AT,
  updated_at: AT,
};

/** The n-th event of the run, `last` its final one. */
export function event(n: number, kind: string, data: object = {}, where = RUN_ID) {
  return {
    event_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    schema_version: 1,
    type: 'agentEvent',
    org_id: 'org_acme',
    employee_id: EMPLOYEE_ID,
    execution_id: EXECUTION_ID,
    run_id: where,
    sequence: n,
    kind,
    data,
    timestamp: AT,
  };
}

function skill(id: string, title: string, permissions: string[]) {
  return { id, type: 'skill', skill_graph: 'sg_any_v1', title, permissions, input: {}, isolation: 'child', max_visits: 1 };
}

function rule(capability: string, effect: string, reason: string, sentence?: string) {
  const defaults = { approvers: [], timeout_seconds: 604_800, on_timeout: 'reject' };
  return { capability, effect, ...defaults, reason, ...(sentence !== undefined && { sentence }) };
}

export const slackCatalogue = {
  provider: 'slack',
  title: 'Slack',
  capabilities: [
    {
      provider: 'slack',
      capability: 'slack.post',
      version: 1,
      title: 'Post a message',
      description: 'Posts a message in a channel, or a reply in a thread.',
      permission: 'slack.write',
      risk: 'write',
      idempotency: 'lookup',
      scopes: ['chat:write'],
      cost: 1,
      settle_scopes: ['channels:history'],
      input_schema: { type: 'object', properties: { channel: { type: 'string' } } },
      output_schema: { type: 'object' },
      summary_parameter: 'channel',
    },
  ],
  connections: [{ connection_id: CONNECTION_ID, account_name: 'Millrace Bindery', status: 'active', scopes: ['chat:write'] }],
};

/** A webhook event that Agent-Core refuses. */
export const parkedEvent = {
  event_id: '6f1c1f0a-5a3e-4d5e-9a43-0a8f5d1f2b3c',
  provider: 'slack',
  connection_id: 'conn_1',
  type: 'slack.message',
  external_id: 'Ev1',
  state: 'parked',
  decision: null,
  attempts: 5,
  last_error: 'Agent-Core answered 422',
  occurred_at: '2025-06-09T18:00:00.000Z',
  received_at: '2025-06-09T18:00:01.000Z',
};
