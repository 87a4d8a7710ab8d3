import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BarrierHandle } from '../../dev/sandbox/client.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

const DM = { user: '@dana', text: 'Once.' };

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

/** Holds the call while it waits for a new token: all of step 1 is behind it, nothing is in flight. */
async function holdBeforeFlight(): Promise<BarrierHandle> {
  await harness.owner.query(`update hub.connections set token_expires_at = now() where org_id = $1`, [office.orgId]);
  return harness.surroundings.sandbox.barrier({ team: office.team, method: 'oauth.v2.access' });
}

describe('what changes after a call was checked and before it goes out', () => {
  it.each([
    ['the grant', `update authz.grants set revoked_at = now() where org_id = $1`, 'grant_missing'],
    ['the run', `update authz.runs set status = 'closed' where org_id = $1`, 'run_closed'],
    ['the membership', `update authz.memberships set removed_at = now() where org_id = $1`, 'membership_missing'],
  ])('stops it: %s', async (_what, change, code) => {
    const barrier = await holdBeforeFlight();
    const answer = office.call('slack.dm', DM);
    await barrier.waitUntilHeld();
    await harness.owner.query(change, [office.orgId]);
    await barrier.release();
    expect((await answer).json).toMatchObject({ code });
    expect(await office.posts()).toEqual([]);
    expect((await harness.owner.query('select 1 from hub.call_keys where org_id = $1', [office.orgId])).rows).toEqual([]);
  });

  it('stops it: the approval', async () => {
    office = await harness.office({ rules: [] });
    const callId = office.callId();
    const asked = await office.call('slack.dm', DM, { callId });
    await office.approve(z.object({ approval: z.record(z.string(), z.unknown()) }).parse(asked.json).approval, callId);
    const barrier = await holdBeforeFlight();
    const answer = office.call('slack.dm', DM, { callId });
    await barrier.waitUntilHeld();
    await harness.owner.query(`update authz.approvals set status = 'cancelled' where org_id = $1`, [office.orgId]);
    await barrier.release();
    expect((await answer).json).toMatchObject({ code: 'policy_denied' });
    expect(await office.posts()).toEqual([]);
    expect((await harness.owner.query('select 1 from hub.approval_uses where org_id = $1', [office.orgId])).rows).toEqual([]);
  });
});

describe('an attempt whose lease was lost while it prepared', () => {
  it.each([
    [
      'another attempt has it',
      `update hub.call_keys set fence = fence + 1, owner = 'another' where org_id = $1`,
      'call_in_flight',
    ],
    [
      'its deadline is over',
      `update hub.call_keys set deadline = now() - interval '1 second' where org_id = $1`,
      'call_settling',
    ],
  ])('sends nothing: %s', async (_how, change, code) => {
    const barrier = await harness.surroundings.sandbox.barrier({ team: office.team, method: 'users.list' });
    const answer = office.call('slack.dm', DM);
    await barrier.waitUntilHeld();
    await harness.owner.query(change, [office.orgId]);
    await barrier.release();
    expect((await answer).json).toMatchObject({ code });
    expect(await office.posts()).toEqual([]);
  });
});
