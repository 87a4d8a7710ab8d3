import { randomUUID } from 'node:crypto';
import type { EmployeeRunInput } from '../../contracts/run.ts';
import type { ApprovalAsk } from '../../contracts/call.ts';
import { endOf, waitFor } from './ends.ts';
import type { Engine } from './engine.ts';
import { problem, succeed } from './fake-services.ts';
import type { FakeAnswer, SeenCall } from './fake-services.ts';
import { call, runOf, skillGraph, skillNode } from './plans.ts';

/** A run whose histories are recorded, with what people do while it runs. */
export interface RecordedRun {
  name: string;
  input: EmployeeRunInput;
  hub: (seen: SeenCall) => FakeAnswer;
  /** Workflow ids besides the run's own. */
  children: string[];
  during?: (engine: Engine) => Promise<void>;
  /** The schedule that starts the run; Agent-Core does where there is none. */
  schedule?: string;
}

/** The runs that the replay test holds the workflows to: every kind of command they can give, and every way they can end. */
export function runsToRecord(): RecordedRun[] {
  return [everything(), refused(), cancelled(), paused(), scheduled()];
}

export async function record(
  engine: Engine,
  run: RecordedRun,
): Promise<{ workflowId: string; temporalRunId: string; status: string }[]> {
  const { input, hub, schedule } = run;
  const handle = await (schedule === undefined ? engine.startRun(input, hub) : engine.startScheduled(schedule, input, hub));
  await run.during?.(engine);
  await endOf(handle);
  const ids = [...new Set([handle.workflowId, input.intent.run_id]), ...run.children];
  return Promise.all(
    ids.map(async (workflowId) => {
      const { runId, status } = await engine.client.workflow.getHandle(workflowId).describe();
      return { workflowId, temporalRunId: runId, status: status.name };
    }),
  );
}

/** Children and an inline skill side by side, a condition, a loop; a nested graph, a foreach, a wait, approvals, repeats. */
function everything(): RecordedRun {
  const leaf = skillGraph('leaf', [call('react', 'slack/slack.react', { to: '=input.to' })], {
    input: { to: { type: 'string', description: '' } },
    output: '=nodes.react.n',
  });
  const inner = skillGraph('inner', [call('read', 'slack/slack.read', { channel: '#a' })], { output: '=nodes.read' });
  const digest = skillGraph(
    'digest',
    [
      { id: 'read', kind: 'graph', graph: inner.id, input: {} },
      { id: 'ask', kind: 'approval', question: 'Post it?', timeout_seconds: 3_600 },
      call('post', 'slack/slack.post', { channel: '#b', text: '=nodes.read.text' }),
      { id: 'each', kind: 'foreach', items: 'nodes.read.items', body: leaf.id, input: { to: '=item' } },
      { id: 'pause', kind: 'wait', seconds: 1 },
    ],
    {
      edges: [
        { from: 'read', to: 'ask' },
        { from: 'ask', to: 'post' },
        { from: 'post', to: 'each' },
        { from: 'each', to: 'pause' },
      ],
      output: '=nodes.each',
    },
  );
  const count = skillGraph('count', [call('post', 'slack/slack.post', { channel: '#count', text: '=input.round' })], {
    input: { round: { type: 'string', description: '' } },
    output: '=nodes.post',
  });
  const input = runOf(
    [
      skillNode('digest', 'digest'),
      skillNode('beside', 'count', { isolation: 'inline', input: { round: 'beside' } }),
      skillNode('round', 'count', { max_visits: 2, input: { round: '="round " & trigger.source' } }),
      skillNode('never', 'count', { input: {} }),
    ],
    [leaf, inner, digest, count],
    {
      edges: [
        { from: 'digest', to: 'round' },
        { from: 'beside', to: 'round' },
        { from: 'round', to: 'round', loop: true, when: 'true' },
        { from: 'round', to: 'never', when: 'skills.round.output.n > 1000' },
      ],
    },
  );
  const id = input.intent.run_id;
  return {
    name: 'everything',
    input,
    children: ['digest', 'round', 'round~2'].map((node) => `${id}:skill:${node}`),
    hub: (seen) => {
      if (seen.capability === 'slack/slack.read') return succeed(seen, { text: 'news', items: ['x', 'y'] });
      if (seen.callId.includes(':skill:beside:') && seen.attempt === 1) return problem(409, 'outcome_unknown');
      if (seen.parameters['channel'] === '#b' && seen.attempt === 1) return approvalFor(seen);
      if (seen.capability === 'slack/slack.react' && seen.parameters['to'] === 'x' && seen.attempt === 1)
        return problem(429, 'provider_rate_limited', {}, 1);
      return succeed(seen, { n: seen.attempt });
    },
    async during(engine) {
      await decide(engine, id, `${id}:skill:digest`, 1);
      await decide(engine, id, `${id}:skill:digest`, 2);
      await waitFor(async () => (await engine.waitingOn(id)).includes(`receipt:${id}:skill:beside:call:1`));
      const signal = engine.core.decide((about) => ({
        ...about,
        kind: 'receipt_resolved',
        call_id: `${id}:skill:beside:call:1`,
        resolution: 'did_not_happen',
      }));
      await engine.client.workflow.getHandle(id).signal('decision', signal);
    },
  };
}

async function decide(engine: Engine, runId: string, workflowId: string, asked: number): Promise<void> {
  await waitFor(async () => engine.core.approvalsOf(runId).length >= asked);
  const approval_id = engine.core.approvalsOf(runId)[asked - 1]!.approvalId;
  await waitFor(async () => (await engine.waitingOn(workflowId)).includes(`approval:${approval_id}`));
  const signal = engine.core.decide((about) => ({
    ...about,
    kind: 'approval',
    approval_id,
    status: 'approved',
    decided_by: 'user_1',
  }));
  await engine.client.workflow.getHandle(workflowId).signal('decision', signal);
}

function refused(): RecordedRun {
  const post = skillGraph('post', [call('post', 'slack/slack.post', { channel: '#x' })]);
  const slow = skillGraph('slow', [{ id: 'pause', kind: 'wait', seconds: 3_600 }]);
  const input = runOf(
    [skillNode('bad', 'post'), skillNode('slow', 'slow'), skillNode('inline', 'slow', { isolation: 'inline' })],
    [post, slow],
  );
  const id = input.intent.run_id;
  return { name: 'refused', input, children: [`${id}:skill:bad`, `${id}:skill:slow`], hub: () => problem(403, 'grant_missing') };
}

function cancelled(): RecordedRun {
  const input = runOf([skillNode('slow', 'slow')], [skillGraph('slow', [{ id: 'pause', kind: 'wait', seconds: 3_600 }])]);
  const id = input.intent.run_id;
  return {
    name: 'cancelled',
    input,
    children: [`${id}:skill:slow`],
    hub: () => problem(500, 'internal'),
    async during(engine) {
      await waitFor(async () => (await engine.waitingOn(`${id}:skill:slow`)).includes('timer'));
      await engine.client.workflow.getHandle(id).cancel();
    },
  };
}

/** Held while a child and an inline skill wait for people, and let go on after both were answered. */
function paused(): RecordedRun {
  const ask = { id: 'ask', kind: 'approval', question: 'Post it?', timeout_seconds: 3_600 };
  const post = skillGraph('post', [ask, call('post', 'slack/slack.post', { channel: '#x' })], {
    edges: [{ from: 'ask', to: 'post' }],
  });
  const nodes = [skillNode('child', 'post'), skillNode('inline', 'post', { isolation: 'inline' }), skillNode('after', 'post')];
  const edges = ['child', 'inline'].map((from) => ({ from, to: 'after' }));
  const input = runOf(nodes, [post], { edges });
  const id = input.intent.run_id;
  const child = `${id}:skill:child`;
  return {
    name: 'paused',
    input,
    children: [child, `${id}:skill:after`],
    hub: (seen) => succeed(seen, { n: 1 }),
    async during(engine) {
      const say = async (kind: 'pause' | 'resume') => {
        const signal = engine.core.decide((about) => ({ ...about, kind, decided_by: 'user_1', reason: 'a test' }));
        await engine.client.workflow.getHandle(id).signal('decision', signal);
      };
      await waitFor(async () => engine.core.approvalsOf(id).length === 2);
      await say('pause');
      await waitFor(async () => (await engine.waitingOn(child)).includes('paused'));
      for (const [index, { input: asked }] of engine.core.approvalsOf(id).entries())
        await decide(engine, id, asked.workflow_id, index + 1);
      await waitFor(async () => (await engine.waitingOn(child)).join() === 'paused');
      await waitFor(async () => (await engine.waitingOn(id)).join() === 'paused');
      await say('resume');
      await decide(engine, id, `${id}:skill:after`, 3);
    },
  };
}

/** A run that a schedule's workflow starts and waits for. */
function scheduled(): RecordedRun {
  const post = skillGraph('post', [call('post', 'slack/slack.post', { channel: '#x' })]);
  const input = runOf([skillNode('post', 'post', { isolation: 'inline' })], [post]);
  const schedule = randomUUID();
  const trigger = { schedule_id: schedule, nominal_time: '2026-11-23T09:00:00.000Z' };
  const intent = { ...input.intent, trigger: { ...input.intent.trigger, type: 'schedule' as const, schedule: trigger } };
  return { name: 'scheduled', input: { ...input, intent }, children: [], hub: (seen) => succeed(seen, { n: 1 }), schedule };
}

function approvalFor({ callId, capability, parameters }: SeenCall): FakeAnswer {
  const approval: ApprovalAsk = {
    digest: `digest of ${callId}`,
    capability,
    capability_version: 1,
    connection_id: 'conn_slack',
    account_name: 'Acme',
    parameters,
    approvers: [],
    timeout_seconds: 3_600,
    on_timeout: 'reject',
    reason: 'writes need approval',
  };
  return problem(403, 'approval_required', { approval });
}
