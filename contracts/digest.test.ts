import { describe, expect, it } from 'vitest';
import { callDigest, canonicalHash, planHash, type CallDigestParts } from './digest.ts';
import type { EmployeeGraph } from './employee-graph.ts';
import type { RunPlan } from './run.ts';

const parts: CallDigestParts = {
  orgId: 'org_a',
  callId: 'emp:00000000000000000000000000_v1:2025-06-09T18:00Z:skill:a:call:1',
  employeeVersion: 1,
  capability: 'slack/slack.post',
  capabilityVersion: 1,
  connectionId: 'conn_1',
  parameters: { channel: '#a', text: 'hello' },
  blobHashes: [],
};

describe('the digest of a call', () => {
  it('does not depend on the order of keys (RFC 8785)', () => {
    expect(canonicalHash({ a: 1, b: [true, null] })).toBe(canonicalHash({ b: [true, null], a: 1 }));
    expect(callDigest({ ...parts, parameters: { text: 'hello', channel: '#a' } })).toBe(callDigest(parts));
  });

  it.each<[string, Partial<CallDigestParts>]>([
    ['organisation', { orgId: 'org_b' }],
    ['call', { callId: `${parts.callId}0` }],
    ['employee version', { employeeVersion: 2 }],
    ['capability', { capability: 'slack/slack.dm' }],
    ['capability version', { capabilityVersion: 2 }],
    ['connection', { connectionId: 'conn_2' }],
    ['parameter', { parameters: { channel: '#a', text: 'hello!' } }],
    ['blob', { blobHashes: ['00'] }],
  ])('changes with its %s', (_name, change) => {
    expect(callDigest({ ...parts, ...change })).not.toBe(callDigest(parts));
  });

  it('refuses what JSON cannot express', () => {
    expect(() => canonicalHash(undefined)).toThrow(TypeError);
  });
});

describe('the hash of a plan', () => {
  const plan: RunPlan = { skill_graphs: {}, connections: {}, capabilities: {}, budget: { max_calls: 1, max_skill_visits: 1 } };
  const graph: EmployeeGraph = { graph_id: 'emp_a_v1', type: 'employee', nodes: [], edges: [] };

  it('is the same after the way through JSON, and changes with the plan and with the graph', () => {
    expect(planHash(JSON.parse(JSON.stringify(plan)), graph)).toBe(planHash(plan, graph));
    expect(planHash({ ...plan, connections: { slack: 'conn_2' } }, graph)).not.toBe(planHash(plan, graph));
    expect(planHash(plan, { ...graph, edges: [{ from: 'a', to: 'b', loop: false }] })).not.toBe(planHash(plan, graph));
  });
});
