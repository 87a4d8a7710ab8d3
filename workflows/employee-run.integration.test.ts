import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngine } from '../test/engine/engine.ts';
import type { Engine } from '../test/engine/engine.ts';
import { endOf, waitFor } from '../test/engine/ends.ts';
import { problem, succeed } from '../test/engine/fake-services.ts';
import { call, runOf, skillGraph, skillNode } from '../test/engine/plans.ts';

let engine: Engine;
beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- where the Temporal CLI is found and cached
  engine = await startEngine({ env: process.env });
}, 120_000);
afterAll(() => engine?.close());

const post = skillGraph('post', [call('post', 'slack/slack.post', { channel: '#x', text: 'hi' })], { output: '=nodes.post' });
const answer = { ok: true };

describe('a run', () => {
  test('makes the call of its skill, gives the output and records it', async () => {
    const greet = skillGraph('greet', [call('post', 'slack/slack.post', { channel: 'C1', text: '=input.text' })], {
      input: { text: { type: 'string', description: 'what to say', required: true } },
      output: { ts: '=nodes.post.ts' },
    });
    const run = runOf([skillNode('greet', 'greet', { input: { text: '=trigger.payload.text' } })], [greet], {
      payload: { text: 'hello' },
    });
    const id = run.intent.run_id;
    const handle = await engine.startRun(run, (seen) => succeed(seen, { ts: '1.2' }));
    const result = await handle.result();
    expect(result).toMatchObject({
      type: 'executionResult',
      status: 'completed',
      result: { greet: { ts: '1.2' } },
      skills_executed: ['greet'],
      capabilities_used: ['slack.post'],
      hierarchical_events: [{ run_id: `${id}:skill:greet`, status: 'completed', micro_agents: ['post'] }],
    });
    expect(engine.services.callsOf(id)).toEqual([
      {
        callId: `${id}:skill:greet:call:1`,
        capability: 'slack/slack.post',
        parameters: { channel: 'C1', text: 'hello' },
        attempt: 1,
      },
    ]);
    expect(engine.core.resultsOf(id)).toEqual([result]);
    const { searchAttributes } = await handle.describe();
    expect(searchAttributes).toMatchObject({ RunStatus: ['completed'] });
    const child = await engine.client.workflow.getHandle(`${id}:skill:greet`).describe();
    expect(child.searchAttributes).toMatchObject({
      RunStatus: ['completed'],
      SkillId: ['greet'],
      OrgId: [run.intent.org_id],
      EmployeeId: [run.intent.employee_id],
      EmployeeVersion: [1],
      TriggerType: ['direct_command'],
    });
    expect(child.priority?.fairnessKey).toBe(run.intent.org_id);
  });

  test('runs skills side by side, children and inline ones alike, and joins them', async () => {
    let release = (): void => undefined;
    const both = new Promise<void>((resolve) => (release = resolve));
    const run = runOf(
      [
        skillNode('a', 'post'),
        skillNode('b', 'post', { isolation: 'inline' }),
        skillNode('c', 'count', { input: { n: '=$count([skills.a.output, skills.b.output])' } }),
      ],
      [
        post,
        skillGraph('count', [{ id: 'n', kind: 'transform', expression: 'input.n' }], {
          input: { n: { type: 'number', description: '' } },
        }),
      ],
      {
        edges: [
          { from: 'a', to: 'c' },
          { from: 'b', to: 'c' },
        ],
      },
    );
    const id = run.intent.run_id;
    const handle = await engine.startRun(run, (seen) => {
      // Neither is answered before both are there.
      if (engine.services.callsOf(id).length === 2) release();
      return { ...succeed(seen, answer), after: both };
    });
    const result = await handle.result();
    expect(result.result).toMatchObject({ a: answer, b: answer, c: { n: 2 } });
    expect(result.hierarchical_events.map(({ run_id }) => run_id)).toEqual(['a', 'b', 'c'].map((node) => `${id}:skill:${node}`));
    expect(
      engine.services
        .callsOf(id)
        .map(({ callId }) => callId)
        .toSorted(),
    ).toEqual([`${id}:skill:a:call:1`, `${id}:skill:b:call:1`]);
  });

  test('takes the edges whose condition holds and skips the skills of the others', async () => {
    const run = runOf([skillNode('a', 'post'), skillNode('yes', 'post'), skillNode('no', 'post')], [post], {
      edges: [
        { from: 'a', to: 'yes', when: 'skills.a.output.ok' },
        { from: 'a', to: 'no', when: 'skills.a.output.ok = false' },
      ],
    });
    const result = await (await engine.startRun(run, (seen) => succeed(seen, answer))).result();
    expect(result.skills_executed).toEqual(['a', 'yes']);
  });

  test('visits a skill again over a loop edge, with ids of its own per visit', async () => {
    const run = runOf([skillNode('a', 'post', { max_visits: 5 }), skillNode('b', 'post')], [post], {
      edges: [
        { from: 'a', to: 'b' },
        { from: 'a', to: 'a', loop: true, when: 'skills.a.output.n < 3' },
      ],
    });
    const id = run.intent.run_id;
    const result = await (
      await engine.startRun(run, (seen) => succeed(seen, { n: engine.services.callsOf(id).length }))
    ).result();
    expect(engine.services.callsOf(id).map(({ callId }) => callId.slice(id.length))).toEqual([
      ':skill:a:call:1',
      ':skill:a~2:call:1',
      ':skill:a~3:call:1',
      ':skill:b:call:1',
    ]);
    expect(result.hierarchical_events).toHaveLength(4);
    expect(result.skills_executed).toEqual(['a', 'b']);
  });

  test('fails with the code of the call that was refused, and interrupts the skills beside it', async () => {
    const slow = skillGraph('slow', [{ id: 'pause', kind: 'wait', seconds: 3_600 }]);
    const run = runOf(
      [skillNode('bad', 'post'), skillNode('slow', 'slow'), skillNode('inline', 'slow', { isolation: 'inline' })],
      [post, slow],
    );
    const id = run.intent.run_id;
    const handle = await engine.startRun(run, () => problem(403, 'grant_missing'));
    const { status, failure } = await endOf(handle);
    expect(status).toBe('FAILED');
    expect(failure).toMatchObject({ type: 'grant_missing', message: 'the fake says grant_missing' });
    expect(engine.core.resultsOf(id)).toMatchObject([
      {
        status: 'failed',
        error_code: 'grant_missing',
        skills_executed: [],
        hierarchical_events: [{ status: 'failed' }, { status: 'interrupted' }, { status: 'interrupted' }],
      },
    ]);
    expect(failure?.details).toEqual(engine.core.resultsOf(id));
    expect((await engine.client.workflow.getHandle(`${id}:skill:bad`).describe()).status.name).toBe('FAILED');
    expect((await engine.client.workflow.getHandle(`${id}:skill:slow`).describe()).status.name).toBe('CANCELLED');
  });

  test('fails with the code of a condition that cannot be decided, and is recorded', async () => {
    const run = runOf([skillNode('a', 'post'), skillNode('b', 'post')], [post], {
      edges: [{ from: 'a', to: 'b', when: '"no truth value"' }],
    });
    const handle = await engine.startRun(run, (seen) => succeed(seen, answer));
    expect((await endOf(handle)).failure).toMatchObject({ type: 'expression_failed' });
    expect(engine.core.resultsOf(run.intent.run_id)).toMatchObject([{ status: 'failed', error_code: 'expression_failed' }]);
  });

  test('that is cancelled ends so, and is recorded as interrupted', async () => {
    const run = runOf([skillNode('slow', 'slow')], [skillGraph('slow', [{ id: 'pause', kind: 'wait', seconds: 3_600 }])]);
    const id = run.intent.run_id;
    const handle = await engine.startRun(run, () => problem(500, 'internal'));
    await waitFor(async () => (await engine.waitingOn(`${id}:skill:slow`))[0] === 'timer');
    await handle.cancel();
    expect((await endOf(handle)).status).toBe('CANCELLED');
    expect(engine.core.resultsOf(id)).toMatchObject([
      { status: 'interrupted', error: 'the run was cancelled', hierarchical_events: [{ status: 'interrupted' }] },
    ]);
  });

  test.each(['child', 'inline'] as const)(
    'that is cancelled tells what its skills had done until then (%s)',
    async (isolation) => {
      const first = [call('post', 'slack/slack.post'), { id: 'rest', kind: 'wait', seconds: 3_600 }];
      const graph = skillGraph('rest', first, { edges: [{ from: 'post', to: 'rest' }] });
      const run = runOf([skillNode('a', 'rest', { isolation })], [graph]);
      const id = run.intent.run_id;
      const handle = await engine.startRun(run, (seen) => succeed(seen, { done: true }));
      const waiting = isolation === 'child' ? `${id}:skill:a` : id;
      await waitFor(async () => (await engine.waitingOn(waiting))[0] === 'timer');
      await handle.cancel();
      await endOf(handle);
      expect(engine.core.resultsOf(id)).toMatchObject([
        {
          status: 'interrupted',
          capabilities_used: ['slack.post'],
          hierarchical_events: [{ status: 'interrupted', micro_agents: ['post'] }],
        },
      ]);
    },
  );

  test('that is cancelled while its result is recorded stays as recorded', async () => {
    const run = runOf([skillNode('a', 'post')], [post]);
    const id = run.intent.run_id;
    let release = (): void => undefined;
    engine.core.holdResult(id, new Promise<void>((resolve) => (release = resolve)));
    const handle = await engine.startRun(run, (seen) => succeed(seen, answer));
    await waitFor(async () => engine.core.resultsOf(id).length === 1);
    await handle.cancel();
    await handle.query('__temporal_workflow_metadata');
    release();
    expect((await endOf(handle)).status).toBe('COMPLETED');
    expect(engine.core.resultsOf(id)).toMatchObject([{ status: 'completed' }]);
  });

  test('shows that a skill waits until another gives back what it leaves of its calls', async () => {
    const run = runOf([skillNode('a', 'post'), skillNode('b', 'post')], [post], { budget: { max_calls: 1 } });
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const handle = await engine.startRun(run, (seen) => ({ ...succeed(seen, answer), after: released }));
    await waitFor(async () => (await engine.waitingOn(run.intent.run_id))[0] === 'budget');
    release();
    expect((await endOf(handle)).failure).toMatchObject({ type: 'budget_exceeded' });
  });

  test('is interrupted when an operator stops one of its skills', async () => {
    const run = runOf([skillNode('slow', 'slow')], [skillGraph('slow', [{ id: 'pause', kind: 'wait', seconds: 3_600 }])]);
    const id = run.intent.run_id;
    const handle = await engine.startRun(run, () => problem(500, 'internal'));
    await waitFor(async () => (await engine.waitingOn(`${id}:skill:slow`))[0] === 'timer');
    await engine.client.workflow.getHandle(`${id}:skill:slow`).terminate();
    expect((await endOf(handle)).status).toBe('FAILED');
    expect(engine.core.resultsOf(id)).toMatchObject([
      { status: 'interrupted', hierarchical_events: [{ status: 'interrupted' }] },
    ]);
  });

  const large = skillGraph('large', [{ id: 'pad', kind: 'transform', expression: '$pad("x", 950000)' }], {
    output: '=nodes.pad',
  });

  test('whose outputs together are too large fails with payload_too_large, and is recorded without them', async () => {
    const skills = [...'abcdefghi'];
    const run = runOf(
      skills.map((id) => skillNode(id, 'large')),
      [large],
    );
    const handle = await engine.startRun(run, (seen) => succeed(seen, answer));
    expect((await endOf(handle)).failure).toMatchObject({ type: 'payload_too_large' });
    expect(engine.core.resultsOf(run.intent.run_id)).toMatchObject([
      { status: 'failed', error_code: 'payload_too_large', result: {}, skills_executed: expect.arrayContaining(skills) },
    ]);
  });

  test('fails with payload_too_large when what a skill would be started with is too large', async () => {
    const nodes = [skillNode('a', 'large'), skillNode('b', 'post', { input: { text: '=skills.a.output' } })];
    const more = { edges: [{ from: 'a', to: 'b' }], payload: { text: 'x'.repeat(7_600_000) } };
    const run = runOf(nodes, [large, post], more);
    const handle = await engine.startRun(run, (seen) => succeed(seen, answer));
    expect((await endOf(handle)).failure).toMatchObject({ type: 'payload_too_large' });
    expect(engine.core.resultsOf(run.intent.run_id)).toMatchObject([
      { skills_executed: ['a'], hierarchical_events: [{}, { status: 'failed' }] },
    ]);
  });

  test('stops at its budget of calls, which its skills share', async () => {
    const two = skillGraph('two', [call('x', 'slack/slack.post'), call('y', 'slack/slack.post')], {
      edges: [{ from: 'x', to: 'y' }],
    });
    const run = runOf([skillNode('a', 'two'), skillNode('b', 'two')], [two], {
      edges: [{ from: 'a', to: 'b' }],
      budget: { max_calls: 3 },
    });
    const handle = await engine.startRun(run, (seen) => succeed(seen, answer));
    expect((await endOf(handle)).failure).toMatchObject({ type: 'budget_exceeded' });
    expect(engine.services.callsOf(run.intent.run_id)).toHaveLength(3);
    expect(engine.core.resultsOf(run.intent.run_id)).toMatchObject([{ status: 'interrupted', error_code: 'budget_exceeded' }]);
  });

  test.each(['budget_exceeded', 'quota_exceeded'] as const)('is stopped, not failed, where ConnectHub says %s', async (code) => {
    const run = runOf([skillNode('a', 'post')], [post]);
    const handle = await engine.startRun(run, () => problem(429, code, {}, 3_600));
    expect((await endOf(handle)).failure).toMatchObject({ type: code });
    expect(engine.services.callsOf(run.intent.run_id)).toHaveLength(1);
    expect(engine.core.resultsOf(run.intent.run_id)).toMatchObject([{ status: 'interrupted', error_code: code }]);
  });

  test('shows that it waits for Agent-Core while that is away, and is recorded when it is back', async () => {
    const run = runOf([skillNode('a', 'post')], [post]);
    await engine.withoutAgentCore(async () => {
      await engine.startRun(run, (seen) => succeed(seen, answer));
      await waitFor(async () => (await engine.waitingOn(run.intent.run_id))[0] === 'agent-core');
    });
    const handle = engine.client.workflow.getHandle(run.intent.run_id);
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    expect(await engine.waitingOn(run.intent.run_id)).toEqual([]);
  });

  test('started under another id than its run’s is refused', async () => {
    const run = runOf([skillNode('a', 'post')], [post]);
    const forged = { ...run, intent: { ...run.intent, run_id: runOf([skillNode('a', 'post')], [post]).intent.run_id } };
    const handle = await engine.client.workflow.start('employeeRun', {
      workflowId: run.intent.run_id,
      taskQueue: 'agent-workers',
      args: [forged],
    });
    expect((await endOf(handle)).failure).toMatchObject({ type: 'ids_disagree' });
  });

  test('with another plan than its ticket’s makes no call, nor does a skill run that nobody’s run has started', async () => {
    const own = skillGraph('post', [call('post', 'slack/slack.post', { channel: '#x', text: 'my own' })]);
    const run = runOf([skillNode('a', 'post')], [post]);
    const forged = { ...run, plan: { ...run.plan, skill_graphs: { [own.id]: own } } };
    const handle = await engine.startRun(forged, (seen) => succeed(seen, answer));
    expect((await endOf(handle)).failure).toMatchObject({ type: 'ids_disagree', message: 'the plan is not that of the ticket' });
    expect(engine.core.resultsOf(run.intent.run_id)).toMatchObject([{ status: 'failed', error_code: 'ids_disagree' }]);
    const { intent, plan, ticket } = run;
    const skill = await engine.client.workflow.start('skillRun', {
      workflowId: `${intent.run_id}:skill:a`,
      taskQueue: 'agent-workers',
      args: [
        {
          plan,
          ticket,
          graph_spec: intent.graph_spec,
          node: intent.graph_spec.nodes[0],
          visit: 1,
          run_id: intent.run_id,
          call_scope: intent.run_id,
          input: {},
          trigger: intent.trigger,
          max_calls: 1,
        },
      ],
    });
    expect((await endOf(skill)).failure).toMatchObject({ type: 'ids_disagree' });
    expect(engine.services.callsOf(intent.run_id)).toEqual([]);
  });

  test('with the ticket of another run makes no call', async () => {
    const run = runOf([skillNode('a', 'post')], [post]);
    const other = runOf([skillNode('a', 'post')], [post]);
    const handle = await engine.startRun({ ...run, ticket: other.ticket }, (seen) => succeed(seen, answer));
    expect((await endOf(handle)).failure).toMatchObject({ type: 'ids_disagree' });
    expect(engine.services.callsOf(run.intent.run_id)).toEqual([]);
  });
});
