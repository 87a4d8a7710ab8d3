import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSkillRunId } from '../../contracts/ids.ts';
import { createConnectHub } from '../app.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

const MESSAGE = { channel: '#billing', text: 'Once.' };

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

/** A post over a connection that cannot look back, whose answer was lost after (or before) the effect. */
async function unknownCall(when: 'before' | 'after' = 'after'): Promise<string> {
  const callId = office.callId();
  await harness.owner.query(`update hub.connections set scopes = array_remove(scopes, 'channels:history') where org_id = $1`, [
    office.orgId,
  ]);
  await harness.surroundings.sandbox.inject({ team: office.team, method: 'chat.postMessage', kind: 'reset', when });
  await office.call('slack.post', MESSAGE, { callId });
  await harness.passTime(office.orgId);
  return callId;
}

const resolve = (callId: string, body: object, userId?: string) =>
  office.asPerson('POST', `/receipts/${encodeURIComponent(callId)}/resolve`, {
    body,
    ...(userId !== undefined && { userId, role: 'operator' as const }),
  });

describe('a call of which nobody can tell whether it happened', () => {
  it('becomes unknown, is not repeated, and shows its receipt', async () => {
    const callId = await unknownCall();
    const answer = await office.call('slack.post', MESSAGE, { callId });
    expect(answer.status).toBe(409);
    expect(answer.json).toMatchObject({ code: 'outcome_unknown', receipt: { call_id: callId, outcome: 'unknown' } });
    expect(await office.posts()).toHaveLength(1);
  });

  it('succeeds with the given result when a person says that it happened', async () => {
    const callId = await unknownCall();
    const [post] = await office.posts();
    const resolved = await resolve(callId, { resolution: 'happened', result: { channel: 'C0BILLING1', ts: post?.ts } });
    expect(resolved.json).toMatchObject({
      outcome: 'succeeded',
      resolution: 'happened',
      provider_effect_id: `C0BILLING1/${post?.ts}`,
    });
    const repeated = await office.call('slack.post', MESSAGE, { callId });
    expect(repeated.json).toMatchObject({ status: 'succeeded', replayed: true, result: { ts: post?.ts } });
    expect(await office.posts()).toHaveLength(1);
  });

  it('gets exactly one new attempt when a person says that it did not', async () => {
    const callId = await unknownCall('before');
    expect((await resolve(callId, { resolution: 'did_not_happen' })).json).toMatchObject({
      outcome: 'refused',
      resolution: 'did_not_happen',
    });
    await harness.surroundings.sandbox.inject({ team: office.team, method: 'chat.postMessage', kind: 'reset', when: 'after' });
    await office.call('slack.post', MESSAGE, { callId });
    await harness.passTime(office.orgId);
    expect((await office.call('slack.post', MESSAGE, { callId })).json).toMatchObject({ code: 'outcome_unknown' });
    expect(await office.posts()).toHaveLength(1);
  });

  it('is a decision for the workflow that waits', async () => {
    const callId = await unknownCall();
    await resolve(callId, { resolution: 'happened' });
    const { rows } = await harness.owner.query(
      `select kind, payload from hub.outbox where org_id = $1 and kind = 'receipt_resolved'`,
      [office.orgId],
    );
    expect(rows).toMatchObject([
      {
        kind: 'receipt_resolved',
        payload: {
          org_id: office.orgId,
          run_id: office.runId,
          workflow_id: makeSkillRunId({ run: office.runId, node: 'digest', visit: 1 }),
          kind: 'receipt_resolved',
          data: { call_id: callId, resolution: 'happened', resolved_by: expect.stringMatching(/^user_/) },
        },
      },
    ]);
  });
});

describe('resolving', () => {
  it('is not for whoever started the run, unless there is nobody else', async () => {
    const callId = await unknownCall();
    expect((await resolve(callId, { resolution: 'happened' }, office.initiator)).json).toMatchObject({
      code: 'four_eyes',
      status: 403,
    });
    await harness.owner.query('delete from authz.memberships where org_id = $1 and user_id <> $2', [
      office.orgId,
      office.initiator,
    ]);
    expect((await resolve(callId, { resolution: 'happened' }, office.initiator)).json).toMatchObject({
      resolved_by: office.initiator,
    });
    const { rows } = await harness.owner.query(`select details from hub.audit where org_id = $1 and action = 'receipt.resolve'`, [
      office.orgId,
    ]);
    expect(rows).toMatchObject([{ details: { resolution: 'happened', sole_member: true } }]);
  });

  it('is not for whoever acts as another person, who is named in the audit', async () => {
    const callId = await unknownCall();
    const { parts } = harness.hub;
    const person = async (bearer: string) => {
      const behind = await parts.verifiers.person?.(bearer);
      if (!behind) throw new Error('no person');
      return { ...behind, impersonatedBy: 'user_support' };
    };
    const app = await createConnectHub({ ...parts, verifiers: { ...parts.verifiers, person } });
    await office.addMember('user_colleague', 'admin');
    const token = await harness.surroundings.personToken({ user_id: 'user_colleague', org_id: office.orgId, role: 'admin' });
    const answer = await app.inject({
      method: 'POST',
      url: `/receipts/${encodeURIComponent(callId)}/resolve`,
      headers: { authorization: `Bearer ${token}` },
      payload: { resolution: 'did_not_happen' },
    });
    await app.close();
    expect(answer.json()).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await office.call('slack.post', MESSAGE, { callId })).json).toMatchObject({ code: 'outcome_unknown' });
    const { rows } = await harness.owner.query(
      `select actor_id, details from hub.audit where org_id = $1 and action = 'request.refuse'`,
      [office.orgId],
    );
    expect(rows).toMatchObject([{ actor_id: 'user_colleague', details: { code: 'forbidden', impersonated_by: 'user_support' } }]);
  });

  it('is refused for a known outcome, a second time, a result that does not fit, a missing receipt and a viewer', async () => {
    const callId = await unknownCall();
    expect((await resolve(callId, { resolution: 'happened', result: { ts: 7 } })).json).toMatchObject({
      code: 'invalid_request',
    });
    const path = `/receipts/${encodeURIComponent(callId)}/resolve`;
    const viewer = { role: 'viewer' as const, userId: 'user_viewer', body: { resolution: 'happened' } };
    expect((await office.asPerson('POST', path, viewer)).status).toBe(403);
    expect((await resolve(callId, { resolution: 'did_not_happen', result: {} })).json).toMatchObject({ code: 'invalid_request' });
    expect((await resolve(callId, { resolution: 'happened' })).status).toBe(200);
    expect((await resolve(callId, { resolution: 'did_not_happen' })).json).toMatchObject({ code: 'receipt_not_unknown' });
    expect((await resolve(office.callId(), { resolution: 'happened' })).status).toBe(404);
  });

  it('is done once when ten people answer at the same time', async () => {
    const callId = await unknownCall();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => resolve(callId, { resolution: i % 2 === 0 ? 'happened' : 'did_not_happen' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const { rows } = await harness.owner.query(`select 1 from hub.outbox where org_id = $1 and kind = 'receipt_resolved'`, [
      office.orgId,
    ]);
    expect(rows).toHaveLength(1);
  });
});
