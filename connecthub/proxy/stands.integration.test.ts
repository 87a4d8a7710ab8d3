import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PolicyRule } from '../../contracts/policy.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

const MESSAGE = { channel: '#billing', text: 'Invoices are out.' };
const OTHER = { ...MESSAGE, text: 'Invoices went out.' };

const rule = (effect: PolicyRule['effect'], more: Partial<PolicyRule> = {}): PolicyRule => ({
  capability: 'slack/*',
  effect,
  approvers: [],
  timeout_seconds: 60,
  on_timeout: 'fail',
  reason: 'The test says so.',
  ...more,
});

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

const conflictSchema = z.looseObject({
  code: z.literal('call_digest_conflict'),
  approval: z.record(z.string(), z.unknown()),
  stands: z.record(z.string(), z.unknown()),
});

const post = (callId: string, parameters = MESSAGE) => office.call('slack.post', parameters, { callId });

/** A post that stands, and the question about another one under its id. */
async function conflict(callId = office.callId()) {
  const first = await post(callId);
  const asked = await post(callId, OTHER);
  return { callId, result: first.json['result'], ...conflictSchema.parse(asked.json) };
}

describe('a write with other parameters than those whose effect stands', () => {
  it('asks whether that effect is its result: what was done, when and how, beside what is asked for', async () => {
    const { callId, approval, stands } = await conflict();
    expect(approval).toMatchObject({ capability: 'slack/slack.post', parameters: OTHER, approvers: [] });
    expect(stands).toMatchObject({
      capability: 'slack/slack.post',
      parameters: MESSAGE,
      run_id: office.runId,
      provider_effect_id: expect.stringMatching(/^C0BILLING1\//),
      done_at: expect.any(String),
    });
    // Until somebody has answered, and whatever was written down meanwhile.
    await office.approve(approval, callId, { status: 'pending' });
    expect((await post(callId, OTHER)).json).toMatchObject({ approval, stands });
    expect(await office.posts()).toHaveLength(1);
  });

  it('is answered with the result of that effect after a yes, however late, and makes no other', async () => {
    const { callId, approval, result } = await conflict();
    await office.approve(approval, callId, { expired: true });
    for (let time = 0; time < 2; time += 1) {
      expect((await post(callId, OTHER)).json).toMatchObject({ status: 'succeeded', replayed: true, result });
    }
    expect((await office.posts()).map(({ text }) => text)).toEqual([MESSAGE.text]);
    // The yes is about these parameters and no others.
    conflictSchema.parse((await post(callId, { ...MESSAGE, text: 'A third text.' })).json);
  });

  it.each(['rejected', 'expired', 'cancelled'])('is refused for good when the question was %s', async (status) => {
    const { callId, approval } = await conflict();
    await office.approve(approval, callId, { status });
    const refused = await post(callId, OTHER);
    expect(refused.json).toMatchObject({ code: 'call_digest_conflict', receipt: { call_id: callId } });
    expect(refused.json).not.toHaveProperty('approval');
    expect(await office.posts()).toHaveLength(1);
  });

  it('never goes out under the yes, nor under an approval of itself', async () => {
    const { callId, approval } = await conflict();
    const other = office.callId();
    await office.approve({ ...approval, digest: '0'.repeat(64) }, other);
    await office.approve({ ...approval, digest: '0'.repeat(64) }, callId);
    conflictSchema.parse((await post(callId, OTHER)).json);
    expect(await office.posts()).toHaveLength(1);
  });

  it('asks those whom the policy names, and believes no answer of others', async () => {
    office = await harness.office({
      rules: [rule('require_approval', { approvers: ['user_boss'], when: `parameters.text = "${OTHER.text}"` }), rule('allow')],
    });
    const { callId, approval } = await conflict();
    expect(approval).toMatchObject({ approvers: ['user_boss'], on_timeout: 'fail' });
    await office.approve({ ...approval, approvers: ['user_friend'] }, callId);
    expect((await post(callId, OTHER)).json).toMatchObject({ code: 'approval_mismatch' });
  });

  it('hears nothing of what stands when the call could not be made now', async () => {
    office = await harness.office({ rules: [rule('deny', { when: `parameters.text = "${OTHER.text}"` }), rule('allow')] });
    const callId = office.callId();
    await post(callId);
    const denied = await post(callId, OTHER);
    expect(denied.json).toMatchObject({ code: 'policy_denied' });
    await harness.owner.query(`update authz.grants set revoked_at = now() where org_id = $1`, [office.orgId]);
    const ungranted = await post(callId, { ...MESSAGE, text: 'A third text.' });
    expect(ungranted.json).toMatchObject({ code: 'grant_missing' });
    for (const { json } of [denied, ungranted]) expect(JSON.stringify(json)).not.toContain(MESSAGE.text);
  });

  it('is no question where another capability has used the id', async () => {
    const callId = office.callId();
    const posted = z.object({ channel: z.string(), ts: z.string() }).parse((await post(callId)).json['result']);
    const reaction = await office.call('slack.react', { channel: posted.channel, ts: posted.ts, emoji: 'eyes' }, { callId });
    expect(reaction.json).toMatchObject({ code: 'call_digest_conflict' });
    expect(reaction.json).not.toHaveProperty('approval');
  });
});

describe('a write with other parameters than those of which nobody knows whether they happened', () => {
  async function unknownCall(when: 'before' | 'after'): Promise<string> {
    const callId = office.callId();
    await harness.owner.query(`update hub.connections set scopes = array_remove(scopes, 'channels:history') where org_id = $1`, [
      office.orgId,
    ]);
    await harness.surroundings.sandbox.inject({ team: office.team, method: 'chat.postMessage', kind: 'reset', when });
    await post(callId);
    await harness.passTime(office.orgId);
    return callId;
  }
  const resolve = (callId: string, resolution: string) =>
    office.asPerson('POST', `/receipts/${encodeURIComponent(callId)}/resolve`, { body: { resolution } });

  it('waits for a person to say, and is compared with what stands then', async () => {
    const callId = await unknownCall('after');
    expect((await post(callId, OTHER)).json).toMatchObject({ code: 'outcome_unknown' });
    await resolve(callId, 'happened');
    const { stands } = conflictSchema.parse((await post(callId, OTHER)).json);
    expect(stands).toMatchObject({ parameters: MESSAGE, resolution: 'happened' });
    expect(await office.posts()).toHaveLength(1);
  });

  it('goes out when a person says that they did not happen', async () => {
    const callId = await unknownCall('before');
    expect((await post(callId, OTHER)).json).toMatchObject({ code: 'outcome_unknown' });
    await resolve(callId, 'did_not_happen');
    expect((await post(callId, OTHER)).json).toMatchObject({ status: 'succeeded' });
    expect((await office.posts()).map(({ text }) => text)).toEqual([OTHER.text]);
  });
});

it('a write with other parameters than those that the provider refused for good gets that refusal, and makes no effect', async () => {
  const callId = office.callId();
  const nowhere = await post(callId, { ...MESSAGE, channel: '#nowhere-at-all' });
  expect(nowhere.json).toMatchObject({ code: 'provider_refused' });
  await harness.owner.query('update hub.call_keys set retryable = false where org_id = $1', [office.orgId]);
  expect((await post(callId)).json).toMatchObject({ code: 'provider_refused' });
  expect(await office.posts()).toEqual([]);
});

describe('an approval whose parameters the approver changed', () => {
  beforeEach(async () => {
    office = await harness.office({
      rules: [rule('deny', { when: 'parameters.text = "Forbidden."' }), rule('require_approval')],
    });
  });

  /** Approves the call with `OTHER` in place of `MESSAGE`, as Agent-Core writes it. */
  async function edit(callId: string, to = OTHER) {
    const asked = await post(callId);
    const wanted = await post(callId, to);
    const digestOf = (json: Record<string, unknown>) =>
      z.object({ approval: z.looseObject({ digest: z.string() }) }).safeParse(json).data?.approval;
    const question = digestOf(wanted.json) ?? { digest: 'f'.repeat(64) };
    const id = await office.approve({ ...digestOf(asked.json), ...question, approvers: [], parameters: to }, callId);
    await harness.owner.query(
      'update authz.approvals set proposed_parameters = $2, proposed_digest = $3 where approval_id = $1',
      [id, JSON.stringify(MESSAGE), digestOf(asked.json)?.digest],
    );
    return id;
  }

  it('lets exactly the changed call go out; the receipt shows it, and a retry that asks for the first one gets its result', async () => {
    const callId = office.callId();
    const approvalId = await edit(callId);
    expect((await post(callId)).json).toMatchObject({ code: 'approval_mismatch' });
    const done = await post(callId, OTHER);
    expect(done.json).toMatchObject({ status: 'succeeded', replayed: false });
    const receipt = await office.asPerson('GET', `/receipts/${encodeURIComponent(callId)}`);
    expect(receipt.json).toMatchObject({
      approval_id: approvalId,
      edited_by: 'user_boss',
      parameters_summary: JSON.stringify(OTHER),
    });
    expect((await post(callId)).json).toMatchObject({ status: 'succeeded', replayed: true, result: done.json['result'] });
    expect((await office.posts()).map(({ text }) => text)).toEqual([OTHER.text]);
  });

  it('allows nothing that the policy forbids', async () => {
    const callId = office.callId();
    const forbidden = { ...MESSAGE, text: 'Forbidden.' };
    await edit(callId, forbidden);
    expect((await post(callId, forbidden)).json).toMatchObject({ code: 'policy_denied' });
    expect(await office.posts()).toEqual([]);
  });
});
