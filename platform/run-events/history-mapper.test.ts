import { defaultPayloadConverter } from '@temporalio/common';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AgentEvent } from '../../contracts/events.ts';
import { readHistories } from '../../test/engine/histories.ts';
import type { RecordedHistory } from '../../test/engine/histories.ts';
import type { HistoryEvent } from './history-event.ts';
import { createHistoryMapper } from './history-mapper.ts';

const scope = { orgId: 'org_1', employeeId: 'e', executionId: '6b1b0a3e-8f3e-4e0a-9a40-2f7d5e3a9c11' };
let histories: RecordedHistory[];
beforeAll(async () => {
  histories = await readHistories();
});

function mapped(name: string) {
  const { workflowId, temporalRunId, history } = histories.find((one) => one.name === name)!;
  const mapper = createHistoryMapper({ ...scope, workflowId, temporalRunId });
  const events = (history.events ?? []).flatMap((event) => mapper.map(event));
  return { events, mapper, workflowId };
}

function kindsOf(events: AgentEvent[]): string[] {
  return events.map(({ kind }) => kind);
}

describe('the history of a skill run', () => {
  test('tells its calls, approvals, waits and micro-agents in order', () => {
    const { events, mapper, workflowId } = mapped('everything.skill_digest');
    const told = kindsOf(events).filter((kind) => kind !== 'waiting' && kind !== 'micro_agent.completed');
    expect(told).toEqual([
      'skill.started',
      'call.requested',
      'call.succeeded',
      'approval.requested',
      'approval.decided',
      'call.requested',
      'approval.requested',
      'approval.decided',
      'call.succeeded',
      'call.requested',
      'call.requested',
      'call.succeeded',
      'call.succeeded',
      'skill.completed',
    ]);
    expect(events[0]).toMatchObject({
      run_id: workflowId,
      sequence: 1,
      data: { node: 'digest', skill_graph: 'sg_digest_v1', visit: 1 },
    });
    expect(mapper.isOver()).toBe(true);
  });

  test('says what was called with which parameters and what came of it', () => {
    const { events, workflowId } = mapped('everything.skill_digest');
    const post = events.filter(({ kind, data }) => kind.startsWith('call.') && data['capability'] === 'slack/slack.post');
    expect(post).toMatchObject([
      { kind: 'call.requested', data: { call_id: `${workflowId}:call:3`, parameters: { channel: '#b', text: 'news' } } },
      { kind: 'call.succeeded', data: { call_id: `${workflowId}:call:3`, result: { n: 2 } } },
    ]);
    expect(JSON.stringify(events)).not.toContain('ticket');
  });

  test('says what is asked of people and who decided', () => {
    const { events, workflowId } = mapped('everything.skill_digest');
    const about = events.filter(({ kind }) => kind.startsWith('approval.'));
    expect(about).toMatchObject([
      { kind: 'approval.requested', data: { question: 'Post it?' } },
      { kind: 'approval.decided', data: { status: 'approved', decided_by: 'user_1' } },
      { kind: 'approval.requested', data: { call_id: `${workflowId}:call:3`, capability: 'slack/slack.post' } },
      { kind: 'approval.decided', data: { status: 'approved' } },
    ]);
  });

  test('says what it waits for, and when it goes on', () => {
    const waits = mapped('everything.skill_digest')
      .events.filter(({ kind }) => kind === 'waiting')
      .map(({ data }) => data['on']);
    expect(waits).toEqual(expect.arrayContaining([[expect.stringMatching(/^approval:/)], ['provider:slack'], ['timer'], []]));
  });

  test('names the micro-agents that finished, those of items too', () => {
    const { events, workflowId } = mapped('everything.skill_digest');
    const micro = events.filter(({ kind }) => kind === 'micro_agent.completed').map(({ data }) => data);
    expect(micro).toEqual(
      expect.arrayContaining([
        { micro_agent: `${workflowId}:agent:read/read`, path: 'read/read', items: [] },
        { micro_agent: `${workflowId}:agent:react`, path: 'react', items: [{ path: 'each', index: 1 }] },
      ]),
    );
  });

  test('that failed or was cancelled says so', () => {
    expect(mapped('refused.skill_bad').events.slice(-2)).toMatchObject([
      { kind: 'call.refused', data: { code: 'grant_missing' } },
      { kind: 'skill.failed', data: { code: 'grant_missing' } },
    ]);
    expect(mapped('cancelled.skill_slow').events.at(-1)).toMatchObject({
      kind: 'skill.interrupted',
      data: { reason: 'cancelled' },
    });
  });
});

describe('the history of a run', () => {
  test('tells its beginning and end, its inline skill, and its children by id', () => {
    const { events, mapper, workflowId } = mapped('everything.run');
    expect(kindsOf(events).filter((kind) => kind !== 'waiting')).toEqual([
      'run.started',
      'skill.started',
      'call.requested',
      'call.maybe',
      'call.resolved',
      'call.succeeded',
      'micro_agent.completed',
      'skill.completed',
      'run.completed',
    ]);
    expect(events.find(({ kind }) => kind === 'call.resolved')?.data).toEqual({
      call_id: `${workflowId}:skill:beside:call:1`,
      resolution: 'did_not_happen',
    });
    expect(events.at(-1)?.data).toMatchObject({
      skills_executed: expect.arrayContaining(['digest', 'beside', 'round']),
      result: { digest: [2, 1] },
    });
    expect(mapper.children.map((child) => child.workflowId)).toEqual(
      ['digest', 'round', 'round~2'].map((node) => `${workflowId}:skill:${node}`),
    );
  });

  test('that failed ends the inline skills that were open, then the run, with code and result', () => {
    const { events } = mapped('refused.run');
    expect(events.slice(-2)).toMatchObject([
      { kind: 'skill.interrupted', data: { skill_run: expect.stringMatching(/:skill:inline$/) } },
      { kind: 'run.failed', data: { code: 'grant_missing', error_code: 'grant_missing', result: {} } },
    ]);
  });

  test('that was cancelled ends as interrupted', () => {
    expect(mapped('cancelled.run').events.at(-1)).toMatchObject({ kind: 'run.interrupted', data: { reason: 'cancelled' } });
  });
});

describe('the history of a run that people held', () => {
  test('says so once, for the run and not for its skills', () => {
    const held = (name: string) => mapped(name).events.filter(({ kind }) => kind === 'run.paused' || kind === 'run.resumed');
    expect(held('paused.run')).toMatchObject([
      { kind: 'run.paused', data: { decided_by: 'user_1', reason: 'a test' } },
      { kind: 'run.resumed' },
    ]);
    expect(held('paused.skill_child')).toEqual([]);
  });
});

test('the beginning of a retry tells of the skills whose results it takes, and of the inline ones that go on', () => {
  const result = { output: 1, micro_agents: ['x'], capabilities_used: ['slack/slack.post'], calls_made: 1 };
  const { workflowId } = mapped('everything.run');
  const nodes = ['a', 'b', 'c'].map((id) => ({ id, isolation: id === 'b' ? 'inline' : 'child' }));
  const input = {
    intent: { run_id: workflowId, trigger: { type: 'direct_command', source: 'person:user_1' }, graph_spec: { nodes } },
    resume: { skills: { a: { result, threads: {} }, 'b~2': { threads: {} }, c: { threads: {} } }, digests: {} },
  };
  const mapper = createHistoryMapper({ ...scope, workflowId, temporalRunId: 'r' });
  const started: HistoryEvent = {
    workflowExecutionStartedEventAttributes: { input: { payloads: [defaultPayloadConverter.toPayload(input)] } },
  };
  expect(mapper.map(started)).toMatchObject([
    { kind: 'run.started' },
    {
      kind: 'skill.completed',
      data: { skill_run: `${workflowId}:skill:a`, taken_from_earlier_run: true, output: 1, calls_made: 1 },
    },
    { kind: 'skill.started', data: { skill_run: `${workflowId}:skill:b~2`, isolation: 'inline' } },
  ]);
});

test('the beginning of a run tells which memories it was given, and not what they say', () => {
  const { workflowId } = mapped('everything.run');
  const entry = {
    id: 'm1',
    version: 2,
    scope: 'organisation',
    kind: 'fact',
    key: 'customer.acme',
    value: 'pays late',
    confidence: 1,
  };
  const input = {
    intent: { run_id: workflowId, trigger: { type: 'direct_command', source: 'person:user_1' }, graph_spec: { nodes: [] } },
    plan: { memory: { entries: [entry] } },
  };
  const mapper = createHistoryMapper({ ...scope, workflowId, temporalRunId: 'r' });
  const [, used] = mapper.map({
    workflowExecutionStartedEventAttributes: { input: { payloads: [defaultPayloadConverter.toPayload(input)] } },
  });
  const shown = { id: 'm1', version: 2, scope: 'organisation', kind: 'fact', key: 'customer.acme' };
  expect(used).toMatchObject({ kind: 'memory.used', data: { count: 1, memories: [shown] } });
  expect(JSON.stringify(used)).not.toContain('pays late');
});

describe('agent events', () => {
  test('have ids that depend on nothing but workflow, run and event, and differ from each other', () => {
    const all = histories.flatMap(({ name }) => mapped(name).events);
    expect(histories.flatMap(({ name }) => mapped(name).events)).toEqual(all);
    expect(new Set(all.map(({ event_id }) => event_id)).size).toBe(all.length);
  });

  test('are made of what can be read, and of nothing where a payload is encrypted or forged', () => {
    const payload = { metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.from('x') };
    const mapper = createHistoryMapper({ ...scope, workflowId: 'w', temporalRunId: 'r' });
    const event: HistoryEvent = {
      eventTime: { nanos: 0 },
      activityTaskScheduledEventAttributes: { activityType: { name: 'callCapability' }, input: { payloads: [payload] } },
    };
    expect(mapper.map(event)).toEqual([]);
    expect(mapper.map({ workflowExecutionTerminatedEventAttributes: { reason: 'enough' } })).toMatchObject([
      { kind: 'run.interrupted', data: { reason: 'terminated: enough' } },
    ]);
  });
});
