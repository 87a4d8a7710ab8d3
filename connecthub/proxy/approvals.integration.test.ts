import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PolicyRule } from '../../contracts/policy.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

const MESSAGE = { channel: '#billing', text: 'Invoices are out.' };
const ASK_BOSS: PolicyRule = {
  capability: 'slack/slack.post',
  effect: 'require_approval',
  approvers: ['user_boss'],
  timeout_seconds: 3_600,
  on_timeout: 'fail',
  reason: 'Customers read #billing.',
};

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office({ rules: [ASK_BOSS] });
});

/** The first attempt is the question. */
async function ask(callId: string, parameters = MESSAGE): Promise<Record<string, unknown>> {
  const answer = await office.call('slack.post', parameters, { callId });
  expect(answer.json).toMatchObject({ code: 'approval_required', status: 403 });
  return z.object({ approval: z.record(z.string(), z.unknown()) }).parse(answer.json).approval;
}

const uses = async () =>
  (await harness.owner.query('select approval_id, call_id, digest from hub.approval_uses where org_id = $1', [office.orgId]))
    .rows;

describe('a call that needs approval', () => {
  it('asks for exactly what it would do, and does it once approved', async () => {
    const callId = office.callId();
    const question = await ask(callId);
    expect(question).toMatchObject({
      capability: 'slack/slack.post',
      capability_version: 1,
      connection_id: office.connectionId,
      account_name: 'Millrace Bindery',
      parameters: MESSAGE,
      approvers: ['user_boss'],
      timeout_seconds: 3_600,
      on_timeout: 'fail',
      reason: 'Customers read #billing.',
    });
    expect(await office.posts()).toEqual([]);
    const approvalId = await office.approve(question, callId);
    expect((await office.call('slack.post', MESSAGE, { callId })).json).toMatchObject({ status: 'succeeded' });
    expect(await office.posts()).toHaveLength(1);
    expect(await uses()).toEqual([{ approval_id: approvalId, call_id: callId, digest: question['digest'] }]);
  });

  it('waits while the approval is pending', async () => {
    const callId = office.callId();
    await office.approve(await ask(callId), callId, { status: 'pending' });
    await ask(callId);
  });

  it('row 49: is not made with other parameters than the approved ones', async () => {
    const callId = office.callId();
    await office.approve(await ask(callId), callId);
    const changed = await office.call('slack.post', { ...MESSAGE, text: 'You are all fired.' }, { callId });
    expect(changed.json).toMatchObject({ code: 'approval_mismatch' });
    expect(await office.posts()).toEqual([]);
    expect(await office.refusals(callId)).toEqual(['approval_required', 'approval_mismatch']);
  });

  it('is not made under the approval of another call', async () => {
    const [callId, other] = [office.callId(), office.callId()];
    await office.approve(await ask(callId), callId);
    await ask(other);
    expect(await office.posts()).toEqual([]);
  });

  it.each([
    ['nobody in particular', []],
    ['another person', ['user_friend']],
    ['one more person', ['user_boss', 'user_friend']],
  ])('is not made when %s was asked instead of those whom the policy names', async (_who, approvers) => {
    const callId = office.callId();
    await office.approve({ ...(await ask(callId)), approvers }, callId);
    expect((await office.call('slack.post', MESSAGE, { callId })).json).toMatchObject({ code: 'approval_mismatch' });
    expect(await office.posts()).toEqual([]);
  });

  it.each([
    ['rejected', { status: 'rejected' }, 'policy_denied'],
    ['taken back', { status: 'cancelled' }, 'policy_denied'],
    ['expired', { status: 'expired' }, 'approval_expired'],
    ['approved too long ago', { expired: true }, 'approval_expired'],
  ])('is not made when the approval was %s', async (_how, changes, code) => {
    const callId = office.callId();
    await office.approve(await ask(callId), callId, changes);
    expect((await office.call('slack.post', MESSAGE, { callId })).json).toMatchObject({ code });
    expect(await office.posts()).toEqual([]);
  });

  it('goes out again under the same approval after a rate limit, even when the approval has expired since', async () => {
    const callId = office.callId();
    const approvalId = await office.approve(await ask(callId), callId);
    await harness.surroundings.sandbox.inject({
      team: office.team,
      method: 'chat.postMessage',
      kind: 'status',
      status: 429,
      retry_after: 7,
    });
    const limited = await office.call('slack.post', MESSAGE, { callId });
    expect(limited.json).toMatchObject({ code: 'provider_rate_limited', status: 429 });
    expect(limited.headers['retry-after']).toBe('7');
    await harness.owner.query(`update authz.approvals set expires_at = now() - interval '1 hour' where approval_id = $1`, [
      approvalId,
    ]);
    await harness.passTime(office.orgId);
    expect((await office.call('slack.post', MESSAGE, { callId })).json).toMatchObject({ status: 'succeeded' });
    expect(await office.posts()).toHaveLength(1);
    expect(await uses()).toHaveLength(1);
  });

  it('asks anew for other parameters after a rate limit, since the consumed approval serves its digest only', async () => {
    const callId = office.callId();
    await office.approve(await ask(callId), callId);
    await harness.surroundings.sandbox.inject({ team: office.team, method: 'chat.postMessage', kind: 'status', status: 429 });
    await office.call('slack.post', MESSAGE, { callId });
    await ask(callId, { ...MESSAGE, text: 'Another text.' });
    expect(await office.posts()).toEqual([]);
  });

  it('uses its approval once when two copies get it ten times at once', async () => {
    const callId = office.callId();
    await office.approve(await ask(callId), callId);
    const other = await harness.copy();
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => office.call('slack.post', MESSAGE, { callId, ...(i % 2 === 0 && { hub: other }) })),
    );
    expect(await office.posts()).toHaveLength(1);
    expect(await uses()).toHaveLength(1);
  });
});

describe('without a rule', () => {
  it('a write asks and a read does not', async () => {
    office = await harness.office({ rules: [] });
    await ask(office.callId());
    expect((await office.call('slack.read', { channel: '#billing' })).status).toBe(200);
  });
});
