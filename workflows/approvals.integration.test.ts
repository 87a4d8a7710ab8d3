import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endOf, waitFor } from '../test/engine/ends.ts';
import { startEngine } from '../test/engine/engine.ts';
import type { Engine } from '../test/engine/engine.ts';
import { problem, succeed } from '../test/engine/fake-services.ts';
import type { Hub } from '../test/engine/fake-services.ts';
import { answer, asked, inTurn, wantsApproval, wantsToCompare } from '../test/engine/people.ts';
import { call, runOf, skillGraph, skillNode } from '../test/engine/plans.ts';

let engine: Engine;
beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- where the Temporal CLI is found and cached
  engine = await startEngine({ env: process.env });
});
afterAll(() => engine?.close());

const ok: Hub = (seen) => succeed(seen, { text: seen.parameters['text'] ?? null });
const STANDS = { capability: 'slack/slack.post', parameters: { channel: '#x', text: 'before' }, done_at: '2025-06-09T18:00:00Z' };

function postRun() {
  const graph = skillGraph('post', [call('post', 'slack/slack.post', { channel: '#x', text: 'hi' })], { output: '=nodes.post' });
  const run = runOf([skillNode('a', 'post')], [graph]);
  const id = run.intent.run_id;
  return { run, id, skill: `${id}:skill:a`, callId: `${id}:skill:a:call:1` };
}

/** A skill that posts to each of `names`, each item asking on its own. */
function eachRun(names: string[], maxParallel: number) {
  const body = skillGraph('body', [call('post', 'slack/slack.post', { channel: '#x', text: '=item' })], {
    output: '=nodes.post.text',
  });
  const graph = skillGraph('each', [
    { id: 'each', kind: 'foreach', items: JSON.stringify(names), body: body.id, input: {}, max_parallel: maxParallel },
  ]);
  const run = runOf([skillNode('a', 'each')], [{ ...graph, output: '=nodes.each' }, body]);
  return { run, id: run.intent.run_id, skill: `${run.intent.run_id}:skill:a` };
}

describe('a call whose id has made an effect with other parameters', () => {
  test('asks people, showing what stands beside what is asked for, and goes on with its result after a yes', async () => {
    const { run, id, skill, callId } = postRun();
    const handle = await engine.startRun(
      run,
      inTurn(wantsToCompare(STANDS), (seen) => succeed(seen, { text: 'before' })),
    );
    const [question] = await asked(engine, id);
    expect(question!.input).toMatchObject({
      workflow_id: skill,
      details: { stands: STANDS, parameters: { channel: '#x', text: 'hi' } },
      call: { call_id: callId, stands: STANDS },
    });
    await waitFor(async () => (await engine.waitingOn(skill)).includes(`approval:${question!.approvalId}`));
    await answer(engine, question!, { status: 'approved' });
    expect(await handle.result()).toMatchObject({ status: 'completed', result: { a: { text: 'before' } } });
    expect(engine.services.callsOf(id).map((seen) => [seen.callId, seen.parameters['text']])).toEqual([
      [callId, 'hi'],
      [callId, 'hi'],
    ]);
  });

  test('fails the skill with call_digest_conflict after a no, and where there is nothing to ask', async () => {
    const { run, id } = postRun();
    const handle = await engine.startRun(run, wantsToCompare(STANDS));
    const [question] = await asked(engine, id);
    await answer(engine, question!, { status: 'rejected', reason: 'that was another letter' });
    expect((await endOf(handle)).failure).toMatchObject({
      type: 'call_digest_conflict',
      message: 'the approval was rejected by user_1: that was another letter',
    });
    expect(engine.services.callsOf(id)).toHaveLength(1);
    expect(engine.core.resultsOf(id)).toMatchObject([
      { status: 'failed', error_code: 'call_digest_conflict', error: expect.stringContaining('that was another letter') },
    ]);
    const final = await engine.startRun(postRun().run, () => problem(409, 'call_digest_conflict', { receipt: STANDS }));
    expect((await endOf(final)).failure).toMatchObject({ type: 'call_digest_conflict' });
  });
});

describe('an approval whose parameters were changed', () => {
  test('lets the same call go out with them', async () => {
    const { run, id, callId } = postRun();
    const handle = await engine.startRun(run, inTurn(wantsApproval(), ok));
    const [question] = await asked(engine, id);
    await answer(engine, question!, { status: 'approved', parameters: { channel: '#x', text: 'as edited' } });
    expect(await handle.result()).toMatchObject({ result: { a: { text: 'as edited' } } });
    expect(engine.services.callsOf(id).map((seen) => [seen.callId, seen.parameters['text']])).toEqual([
      [callId, 'hi'],
      [callId, 'as edited'],
    ]);
  });

  test('fails the run with the reason when ConnectHub refuses them', async () => {
    const { run, id } = postRun();
    const handle = await engine.startRun(
      run,
      inTurn(wantsApproval(), () => problem(400, 'parameters_invalid')),
    );
    const [question] = await asked(engine, id);
    await answer(engine, question!, { status: 'approved', parameters: { channel: 7 } });
    await endOf(handle);
    expect(engine.core.resultsOf(id)).toMatchObject([
      { status: 'failed', error_code: 'parameters_invalid', error: expect.stringContaining('the fake says parameters_invalid') },
    ]);
  });
});

describe('people who do not answer', () => {
  test('are reminded twice, and then the question is over', async () => {
    const { run, id } = postRun();
    const handle = await engine.startRun(run, inTurn(wantsApproval({ timeout_seconds: 2, on_timeout: 'fail' }), ok));
    expect((await endOf(handle)).failure).toMatchObject({ type: 'approval_expired' });
    const [question] = engine.core.approvalsOf(id);
    expect(engine.core.remindersOf(question!.approvalId)).toEqual([1, 2]);
  });

  test('have answered where a reminder finds their word, whose signal was lost', async () => {
    const { run, id } = postRun();
    const handle = await engine.startRun(run, inTurn(wantsApproval({ timeout_seconds: 4 }), ok));
    const [question] = await asked(engine, id);
    engine.core.answerWithoutSignal(question!.approvalId, { status: 'approved', decided_by: 'user_1' });
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    expect(engine.core.remindersOf(question!.approvalId)).toEqual([1]);
  });

  test('send a skill down the branch for that', async () => {
    const graph = skillGraph(
      'ask',
      [
        { id: 'ask', kind: 'approval', question: 'Really?', timeout_seconds: 1 },
        { id: 'what', kind: 'branch', expression: 'nodes.ask.decision' },
        call('yes', 'slack/slack.post', { channel: '#x', text: 'approved' }),
        call('late', 'slack/slack.post', { channel: '#x', text: 'nobody answered' }),
      ],
      {
        edges: [
          { from: 'ask', to: 'what' },
          { from: 'what', to: 'yes', when: 'approved' },
          { from: 'what', to: 'late', when: 'timed_out' },
        ],
        output: '=nodes.late.text',
      },
    );
    const run = runOf([skillNode('a', 'ask')], [graph]);
    const handle = await engine.startRun(run, ok);
    expect(await handle.result()).toMatchObject({ status: 'completed', result: { a: 'nobody answered' } });
    expect(engine.services.callsOf(run.intent.run_id)).toHaveLength(1);
  });
});

describe('many approvals of one run', () => {
  const names = Array.from({ length: 10 }, (_, index) => `item ${index}`);

  test('wait all at once, and are decided in any order', async () => {
    const { run, id, skill } = eachRun(names, 10);
    const handle = await engine.startRun(run, inTurn(wantsApproval(), ok));
    const questions = await asked(engine, id, 10);
    await waitFor(async () => (await engine.waitingOn(skill)).length === 10);
    for (const question of questions.toReversed()) await answer(engine, question, { status: 'approved' });
    expect(await handle.result()).toMatchObject({ status: 'completed', result: { a: names } });
    expect(engine.services.callsOf(id)).toHaveLength(20);
  });

  test('wait one by one where items run one by one', async () => {
    const few = names.slice(0, 3);
    const { run, id, skill } = eachRun(few, 1);
    const handle = await engine.startRun(run, inTurn(wantsApproval(), ok));
    for (const [index] of few.entries()) {
      const questions = await asked(engine, id, index + 1);
      expect(questions).toHaveLength(index + 1);
      await waitFor(async () => (await engine.waitingOn(skill)).includes(`approval:${questions[index]!.approvalId}`));
      await answer(engine, questions[index]!, { status: 'approved', parameters: { channel: '#x', text: `edited ${index}` } });
    }
    expect(await handle.result()).toMatchObject({ result: { a: ['edited 0', 'edited 1', 'edited 2'] } });
  });

  test('lose no decision that is made while no worker is up, and none while Agent-Core is away', async () => {
    const { run, id } = eachRun(names, 10);
    const handle = await engine.startRun(run, inTurn(wantsApproval(), ok));
    const questions = await asked(engine, id, 10);
    await engine.withoutAgentWorker(async () => {
      for (const question of questions.slice(0, 5)) await answer(engine, question, { status: 'approved' });
    });
    await engine.withoutAgentCore(async () => {
      for (const question of questions.slice(5)) await answer(engine, question, { status: 'approved' });
    });
    expect(await handle.result()).toMatchObject({ status: 'completed', result: { a: names } });
  });
});
