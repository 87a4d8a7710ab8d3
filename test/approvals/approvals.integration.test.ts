import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Decision } from '../../cli/client/approvals.ts';
import type { ApprovalAnswer } from '../../cli/client/answers/approvals.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import type { PolicyRule } from '../../contracts/policy.ts';
import { post, type OneSkill } from '../faults/one-skill.ts';
import { openSite, type Site } from '../faults/site.ts';
import { callDirectly } from '../hub-kill/call-directly.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';

let stack: TestStack;
let site: Site;
beforeAll(async () => {
  stack = await startTestStack();
}, 300_000);
afterAll(() => stack?.close());
beforeEach(async () => {
  site = await openSite(stack);
});

const asks = (text: string, rule: Partial<PolicyRule> = {}): OneSkill => ({
  nodes: [post(text)],
  effect: 'require_approval',
  rule,
});

/** Ten items, each of which asks on its own. */
const tenAsk = (maxParallel: number): OneSkill => ({
  nodes: [
    {
      id: 'each',
      kind: 'foreach',
      items: '[1..10]',
      body: 'sg_test_item_v1',
      input: {},
      max_items: 10,
      max_parallel: maxParallel,
    },
  ],
  bodies: { sg_test_item_v1: [post('="item " & $string(item)')] },
  effect: 'require_approval',
});
const itemTexts = Array.from({ length: 10 }, (_, index) => `item ${index + 1}`).toSorted();

async function pending(run: string, count = 1): Promise<ApprovalAnswer[]> {
  return waitUntil(
    async () => {
      const { items } = await site.manager.approvals.list({ run_id: run, status: 'pending' });
      return items.length >= count ? items : undefined;
    },
    { timeoutMs: 55_000, everyMs: 200, what: `${count} questions of ${run}` },
  );
}

const texts = async () => (await site.posts()).map(({ text }) => text ?? '').toSorted();
const yes = ({ approval_id }: ApprovalAnswer): Decision => ({ approval_id, decision: 'approved' });

describe('an approval', () => {
  test('that nobody answers in time ends the run, with the reason in it; nothing goes out, then or later', async () => {
    const run = await site.start(asks('too late', { timeout_seconds: 6, on_timeout: 'fail' }));
    const ended = await site.untilEnded(run);
    expect(ended).toMatchObject({
      status: 'failed',
      error_code: 'approval_expired',
      result: { error: expect.stringContaining('nobody answered the approval in time') },
    });
    const [approval] = (await site.manager.approvals.list({ run_id: run })).items;
    expect(approval).toMatchObject({ status: 'expired', reminded_at: expect.any(String) });
    await expect(site.manager.approvals.approve(approval!.approval_id)).rejects.toMatchObject({
      problem: { code: 'approval_expired' },
    });
    expect(await texts()).toEqual([]);
  });

  test('is not given by whom the rule leaves out; a no of those whom it names stands in the run with its reason', async () => {
    const run = await site.start(asks('not mine to decide', { approvers: ['role:approver'] }));
    const [approval] = await pending(run);
    await expect(site.manager.approvals.approve(approval!.approval_id)).rejects.toMatchObject({
      problem: { status: 403, code: 'self_approval' },
    });
    expect((await site.run(run)).waiting_on).toEqual([`approval:${approval!.approval_id}`]);
    const denials = "select details->>'code' as code from core.audit where org_id = $1 and action = 'request.refuse'";
    expect(await site.query(denials)).toContainEqual({ code: 'self_approval' });
    const approver = site.org.as('approver');
    const { decided_by: by } = await approver.approvals.reject(approval!.approval_id, 'not in this tone');
    expect(await site.untilEnded(run)).toMatchObject({
      status: 'failed',
      error_code: 'policy_denied',
      result: { error: expect.stringContaining(`the approval was rejected by ${by}: not in this tone`) },
    });
    expect(await texts()).toEqual([]);
  });

  test('is asked of whom a revised policy names, for as long as it says, from the activation of its version on', async () => {
    const employee = await site.hire(asks('always ask Katrin'));
    const { definition } = await site.manager.employees.version(employee, 1);
    const katrin = decodeJwt(await site.org.token('approver')).sub!;
    const policy = definition.policy.map((rule) => ({
      ...rule,
      approvers: [katrin],
      timeout_seconds: 86_400,
      on_timeout: 'fail',
    }));
    const { version } = await site.manager.employees.revise(employee, { policy });
    const before = (await site.manager.runs.start(employee)).run_id;
    expect(await pending(before)).toMatchObject([{ approvers: [], on_timeout: 'reject' }]);
    await site.manager.employees.activate(employee, { version });
    const run = (await site.manager.runs.start(employee)).run_id;
    const [approval] = await pending(run);
    expect(approval).toMatchObject({ approvers: [katrin], on_timeout: 'fail' });
    expect(Date.parse(approval!.expires_at) - Date.parse(approval!.requested_at)).toBe(86_400_000);
    const refused = { problem: { status: 403, code: 'self_approval' } };
    await expect(site.manager.approvals.approve(approval!.approval_id)).rejects.toMatchObject(refused);
    await site.org.as('approver').approvals.approve(approval!.approval_id);
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed', version });
    expect(await texts()).toEqual(['always ask Katrin']);
  });

  test('serves one call once: the next call of the same run, with the same parameters, asks anew', async () => {
    const twice: OneSkill = { ...asks('twice'), nodes: [post('twice'), { ...post('twice'), id: 'again' }] };
    const run = await site.start(twice);
    const [first] = await pending(run);
    await site.manager.approvals.approve(first!.approval_id);
    const [second] = await pending(run);
    expect(second!.call).toMatchObject({ parameters: first!.call!.parameters });
    expect(second!.call!.digest).not.toBe(first!.call!.digest);
    await site.manager.approvals.reject(second!.approval_id, 'once is enough');
    const ended = await site.untilEnded(run);
    expect(ended).toMatchObject({ error_code: 'policy_denied', result: { error: expect.stringContaining('once is enough') } });
    expect(await texts()).toEqual(['twice']);
    const uses = await site.query('select approval_id from hub.approval_uses where org_id = $1');
    expect(uses).toEqual([{ approval_id: first!.approval_id }]);
  });

  test('that is edited sends exactly what the approver wrote, once; receipt and approval say so', async () => {
    const run = await site.start(asks('as the employee wrote it'));
    const [approval] = await pending(run);
    const parameters = { channel: '#billing', text: 'as the approver wrote it' };
    const edited = await site.manager.approvals.approve(approval!.approval_id, 'friendlier', parameters);
    expect(edited).toMatchObject({ call: { parameters }, proposed: { parameters: approval!.call!.parameters } });
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed' });
    expect(await texts()).toEqual(['as the approver wrote it']);
    expect(await site.receipts(run)).toMatchObject([
      { approval_id: approval!.approval_id, edited_by: edited.decided_by, digest: edited.call!.digest },
    ]);
  });

  test('that is edited into what the policy forbids fails the run with the reason', async () => {
    const when = 'parameters.channel = "#general"';
    const rules = { effect: 'deny', when, reason: 'Nothing for everybody.' } as const;
    const run = await site.start({ nodes: [post('for billing')], effect: 'deny', rule: rules });
    const [approval] = await pending(run);
    await site.manager.approvals.approve(approval!.approval_id, undefined, { channel: '#general', text: 'for everybody' });
    expect(await site.untilEnded(run)).toMatchObject({
      status: 'failed',
      error_code: 'policy_denied',
      result: { error: expect.stringContaining('Nothing for everybody.') },
    });
    expect(await texts()).toEqual([]);
  });
});

describe('an approval that was tampered with after it was given', () => {
  const changed = `update authz.approvals set digest = repeat('0', 64), parameters = '{}' where org_id = $1 and approval_id = $2`;
  const used = `insert into hub.approval_uses (org_id, approval_id, call_id, digest) values ($1, $2, 'another', repeat('0', 64))`;
  const expired = `update authz.approvals set expires_at = now() - interval '1 second' where org_id = $1 and approval_id = $2`;
  const others = `update authz.approvals set approvers = '{user_friend}' where org_id = $1 and approval_id = $2`;

  test('lets nothing out, and the reason stands in each run', async () => {
    const cases = [
      { how: changed, code: 'approval_mismatch', error: 'What was approved under this call id is not what is asked for now.' },
      { how: used, code: 'approval_used', error: 'The approval has served another call.' },
      { how: expired, code: 'approval_expired', error: 'The approval of this call has expired.' },
      { how: others, code: 'approval_mismatch', error: 'The approval was asked of other people than the policy names.' },
    ];
    const employee = await site.hire(asks('never'));
    const runs = await Promise.all(cases.map(async () => (await site.manager.runs.start(employee)).run_id));
    const approvals = await Promise.all(runs.map(async (run) => (await pending(run))[0]!));
    const { worker } = stack.stack.processes;
    // Without a worker nobody uses the approvals before we do.
    await worker.stop();
    await site.manager.approvals.decide(approvals.map(yes), randomUUID());
    for (const [index, { how }] of cases.entries()) await site.query(how, approvals[index]!.approval_id);
    await worker.restart();
    for (const [index, { code, error }] of cases.entries()) {
      const ended = await site.untilEnded(runs[index]!);
      expect(ended).toMatchObject({ status: 'failed', error_code: code, result: { error: expect.stringContaining(error) } });
    }
    expect(await texts()).toEqual([]);
  });
});

describe('a call whose id has made an effect with other parameters', () => {
  /** The run waits before its post, whose id is used meanwhile: as by an earlier run of its chain that meant something else. */
  async function conflicting() {
    const question = { id: 'ask', kind: 'approval', question: 'Go on?' } as const;
    const run = await site.start({ nodes: [question, post('as meant now')] });
    const [asked] = await pending(run);
    const caller = await callDirectly(stack.stack, site, run, ['slack/slack.post']);
    const callId = `${run}:skill:work:call:2`;
    const parameters = { channel: '#billing', text: 'as it was done' };
    const done = await caller.post(stack.stack.urls.connecthub, callId, { connection_id: site.connectionId, parameters });
    expect(done).toMatchObject({ status: 200 });
    await site.manager.approvals.approve(asked!.approval_id);
    const [comparison] = await pending(run);
    expect(comparison).toMatchObject({
      stands: { parameters, run_id: run, provider_effect_id: done.body['provider_effect_id'] },
      call: { call_id: callId, parameters: { channel: '#billing', text: 'as meant now' } },
    });
    expect((await site.run(run)).waiting_on).toEqual([`approval:${comparison!.approval_id}`]);
    return { run, comparison: comparison! };
  }

  test('goes on with the result of what stands after a yes', async () => {
    const { run, comparison } = await conflicting();
    await site.manager.approvals.approve(comparison.approval_id);
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed' });
    expect(await texts()).toEqual(['as it was done']);
  });

  test('fails the run after a no, with the reason', async () => {
    const { run, comparison } = await conflicting();
    await site.manager.approvals.reject(comparison.approval_id, 'that was somebody else');
    expect(await site.untilEnded(run)).toMatchObject({
      status: 'failed',
      error_code: 'call_digest_conflict',
      result: { error: expect.stringContaining('that was somebody else') },
    });
    expect(await texts()).toEqual(['as it was done']);
  });
});

describe('ten approvals of one run', () => {
  test('are decided in one request while no worker is up, one of them with other parameters', async () => {
    const run = await site.start(tenAsk(10));
    const approvals = await pending(run, 10);
    const { worker } = stack.stack.processes;
    await worker.stop();
    const edited = { channel: '#billing', text: 'edited' };
    const [one, ...others] = approvals;
    const decided = await site.manager.approvals.decide([{ ...yes(one!), parameters: edited }, ...others.map(yes)], randomUUID());
    await worker.restart();
    expect(decided.results.map(({ status }) => status)).toEqual(approvals.map(() => 200));
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed' });
    const replaced = one!.call!.parameters['text'];
    expect(await texts()).toEqual([...itemTexts.filter((text) => text !== replaced), 'edited'].toSorted());
  });

  test('are decided while Temporal is killed, and reach the run when it is back', async () => {
    const run = await site.start(tenAsk(10));
    const approvals = await pending(run, 10);
    stack.stack.temporal.kill('SIGKILL');
    const decided = await site.manager.approvals.decide(approvals.map(yes), randomUUID());
    expect(decided.results.map(({ status }) => status)).toEqual(approvals.map(() => 200));
    await stack.stack.temporal.restart();
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed' });
    expect(await texts()).toEqual(itemTexts);
  });

  test('are asked one by one where items run one by one', async () => {
    const run = await site.start(tenAsk(1));
    for (let count = 0; count < 3; count += 1) {
      const approvals = await pending(run);
      expect(approvals).toHaveLength(1);
      await site.manager.approvals.approve(approvals[0]!.approval_id);
    }
    const [last] = await pending(run);
    await site.manager.approvals.reject(last!.approval_id, 'three are enough');
    expect(await site.untilEnded(run)).toMatchObject({ status: 'failed', error_code: 'policy_denied' });
    expect(await texts()).toEqual(['item 1', 'item 2', 'item 3']);
  });
});
