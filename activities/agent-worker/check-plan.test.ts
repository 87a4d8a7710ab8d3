import { ApplicationFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, test } from 'vitest';
import { planHash, resumeDigests } from '../../contracts/digest.ts';
import type { ResumedSkill } from '../../contracts/resume.ts';
import type { CheckPlanInput } from '../../contracts/worker-activities.ts';
import { fakeTicket } from '../../test/engine/fake-services.ts';
import { call, runOf, skillGraph, skillNode } from '../../test/engine/plans.ts';
import { afterCheck, createCheckPlan } from './check-plan.ts';

const quiet = { logger: new DefaultLogger('ERROR', () => undefined) };
const unheard = { logger: { warn: () => undefined } };
const post = skillGraph('post', [call('post', 'slack/slack.post', { text: 'agreed' })]);
const other = skillGraph('post', [call('post', 'slack/slack.post', { text: 'my own' })]);
const { intent, plan, ticket } = runOf([skillNode('a', 'post'), skillNode('b', 'post')], [post]);
const run = intent.run_id;
const [node, another] = intent.graph_spec.nodes;
const ofRun: CheckPlanInput = { ticket, plan, graph_spec: intent.graph_spec };
const ofSkill: CheckPlanInput = { ...ofRun, node: node!, parent: run };

/** `fine`, or the code of the refusal; and what the log says. */
async function check(input: CheckPlanInput, workflowId: string) {
  const log: object[] = [];
  const activity = new MockActivityEnvironment({ workflowExecution: { workflowId, runId: 'temporal' } }, quiet);
  const checkPlan = createCheckPlan({ logger: { warn: (about) => void log.push(about) } });
  const error: unknown = await activity.run(checkPlan, input).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { end: error instanceof ApplicationFailure ? error.type : (error ?? 'fine'), log };
}

describe('a workflow', () => {
  test('with the plan of its ticket goes on, be it a run or a skill run', async () => {
    expect(await check(ofRun, run)).toEqual({ end: 'fine', log: [] });
    expect(await check(ofSkill, `${run}:skill:a`)).toEqual({ end: 'fine', log: [] });
    expect(await check(ofSkill, `${run}:skill:a~2`)).toEqual({ end: 'fine', log: [] });
  });

  test.each<[string, CheckPlanInput, string]>([
    ['other skill graphs', { ...ofRun, plan: { ...plan, skill_graphs: { [other.id]: other } } }, run],
    ['another budget', { ...ofRun, plan: { ...plan, budget: { ...plan.budget, max_calls: 1e6 } } }, run],
    ['another employee graph', { ...ofRun, graph_spec: { ...intent.graph_spec, nodes: [node!] } }, run],
    ['the ticket of another run', { ...ofRun, ticket: fakeTicket({ run_id: 'x', call_scope: 'x' }) }, run],
    ['a skill that its graph does not have', { ...ofSkill, node: { ...node!, id: 'anything' } }, `${run}:skill:anything`],
    ['the skill of another id', { ...ofSkill, node: another! }, `${run}:skill:a`],
    ['a changed skill', { ...ofSkill, node: { ...node!, permissions: ['slack.write'] } }, `${run}:skill:a`],
    ['no skill', { ...ofRun, parent: run }, `${run}:skill:a`],
    ['another parent than its run', { ...ofSkill, parent: 'somebody' }, `${run}:skill:a`],
    ['no parent', { ...ofRun, node: node! }, `${run}:skill:a`],
  ])('with %s is refused, and leaves a trace', async (_what, input, workflowId) => {
    expect(await check(input, workflowId)).toEqual({
      end: 'ids_disagree',
      log: [{ refused: 'ids_disagree', workflow_id: workflowId }],
    });
  });

  describe('of a retry', () => {
    const reached: ResumedSkill = { threads: {}, micro_agents: [], capabilities_used: [], calls_made: 1 };
    const resume_digests = resumeDigests({ a: reached, b: { ...reached, calls_made: 2 } });
    const plan_hash = planHash(plan, intent.graph_spec, resume_digests);
    const own = { ...ofSkill, ticket: fakeTicket({ run_id: run, call_scope: run, plan_hash }), resume_digests };

    test('goes on from what its ticket says, or from the beginning', async () => {
      expect(await check({ ...own, resume: { a: reached } }, `${run}:skill:a`)).toEqual({ end: 'fine', log: [] });
      expect(await check(own, `${run}:skill:a~2`)).toEqual({ end: 'fine', log: [] });
    });

    test.each<[string, CheckPlanInput]>([
      ['more than was reached', { ...own, resume: { a: { ...reached, calls_made: 0 } } }],
      ['what another skill had reached', { ...own, resume: { a: { ...reached, calls_made: 2 } } }],
      ['a visit that was not reached', { ...own, resume: { 'a~2': reached } }],
      ['digests of its own', { ...own, resume_digests: resumeDigests({ a: reached }), resume: { a: reached } }],
      ['what its ticket knows nothing of', { ...ofSkill, resume: { a: reached } }],
    ])('with %s is refused', async (_what, input) => {
      expect((await check(input, `${run}:skill:a`)).end).toBe('ids_disagree');
    });
  });

  test('has its token asked for when its plan is its own and it may call', async () => {
    const asked: string[] = [];
    const checkPlan = createCheckPlan({ ...unheard, prepareCalls: (given) => void asked.push(given) });
    const activity = new MockActivityEnvironment({ workflowExecution: { workflowId: run, runId: 'temporal' } }, quiet);
    await activity.run(checkPlan, ofRun);
    expect(asked).toEqual([ticket]);
    await activity.run(checkPlan, { ...ofRun, graph_spec: { ...intent.graph_spec, nodes: [] } }).catch(() => undefined);
    const mute = { ...plan, capabilities: {} };
    const plan_hash = planHash(mute, intent.graph_spec);
    const own = fakeTicket({ run_id: run, call_scope: run, plan_hash });
    await activity.run(checkPlan, { ...ofRun, plan: mute, ticket: own });
    expect(asked).toEqual([ticket]);
  });

  test('that is not its own gets no further, whatever else is to be computed', async () => {
    const done: unknown[] = [];
    const work = afterCheck(createCheckPlan(unheard), async (input: { n: number }) => (done.push(input), input.n));
    const activity = new MockActivityEnvironment({ workflowExecution: { workflowId: run, runId: 'temporal' } }, quiet);
    expect(await activity.run(work, { n: 1, own: ofRun })).toBe(1);
    expect(await activity.run(work, { n: 2 })).toBe(2);
    const foreign = { ...ofRun, plan: { ...plan, connections: { slack: 'somebody else' } } };
    await expect(activity.run(work, { n: 3, own: foreign })).rejects.toMatchObject({ type: 'ids_disagree' });
    expect(done).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('with a ticket that cannot be read is refused', async () => {
    expect((await check({ ...ofRun, ticket: 'garbage' }, run)).end).toBe('ticket_invalid');
  });
});
