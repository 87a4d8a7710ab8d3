import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConnectHub, type HubParts } from '../app.ts';
import { counted, createUsed } from '../testing/counted.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { HubCopy } from '../testing/hub-copy.ts';
import { ALLOW_ALL, type Office } from '../testing/office.ts';

const POST = { channel: '#billing', text: 'Once.' };
const DM = { user: '@dana', text: 'Once.' };
const WHERE_BILLING = { ...ALLOW_ALL[0]!, when: 'parameters.channel = "#billing"' };

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

/** A copy with some parts exchanged; it shares what is to be closed with the harness's own. */
async function copyWith(changes: (parts: HubParts) => Partial<HubParts>): Promise<HubCopy> {
  const parts = { ...harness.hub.parts, ...changes(harness.hub.parts) };
  const app = await createConnectHub(parts);
  return { app, parts, close: () => app.close() };
}

/** Changes something while the conditions of the policy are evaluated, once. */
function meanwhile(change: string): Promise<HubCopy> {
  let isDone = false;
  return copyWith(({ evaluate }) => ({
    evaluate: async (expression, scope) => {
      if (!isDone) await harness.owner.query(change, [office.orgId]);
      isDone = true;
      return evaluate(expression, scope);
    },
  }));
}

const keys = async () => (await harness.owner.query('select state from hub.call_keys where org_id = $1', [office.orgId])).rows;

describe('a call', () => {
  it.each([
    // The standing of a call like it is at hand after the first: `slack.read` is called twice here.
    ['slack.post', POST, { changes: 1, atOnce: 1, reads: 0 }],
    // Its mapping asks for the channel's id: each of the two requests takes its share of the provider's limits.
    ['slack.read', { channel: '#billing' }, { changes: 2, atOnce: 2, reads: 0 }],
    // Its mapping asks for the person and their channel, so the fence is looked at again.
    ['slack.dm', DM, { changes: 4, atOnce: 1, reads: 1 }],
  ])(
    '%s takes one transaction before and one after the provider, and one for each request that comes out on the way',
    async (capability, parameters, costs) => {
      const used = createUsed();
      const hub = await copyWith(({ database }) => ({ database: counted(database, used) }));
      await office.call('slack.read', { channel: '#billing', limit: 1 }, { hub });
      Object.assign(used, createUsed());
      expect((await office.call(capability, parameters, { hub })).json).toMatchObject({ status: 'succeeded' });
      expect(used).toEqual(costs);
      await hub.close();
    },
  );

  it('goes out under a rule whose condition holds, and asks where it does not', async () => {
    office = await harness.office({ rules: [WHERE_BILLING] });
    expect((await office.call('slack.post', POST)).json).toMatchObject({ status: 'succeeded' });
    const elsewhere = await office.call('slack.post', { ...POST, channel: '#general' });
    expect(elsewhere.json).toMatchObject({ code: 'approval_required' });
    expect(await office.posts()).toHaveLength(1);
  });

  it('is judged ahead of its transaction by conditions that are known, and by no others', async () => {
    office = await harness.office({ rules: [WHERE_BILLING] });
    const used = createUsed();
    const hub = await copyWith(({ database }) => ({ database: counted(database, used) }));
    await office.call('slack.post', POST, { hub });
    Object.assign(used, createUsed());
    expect((await office.call('slack.post', POST, { hub })).json).toMatchObject({ status: 'succeeded' });
    expect(used).toEqual({ changes: 0, atOnce: 2, reads: 0 });
    const turned = `update authz.policies set rules = jsonb_set(rules, '{0,effect}', '"deny"') where org_id = $1`;
    await harness.owner.query(turned, [office.orgId]);
    expect((await office.call('slack.post', POST, { hub })).json).toMatchObject({ code: 'policy_denied' });
    await hub.close();
  });

  it.each([
    ['a right that is taken away', `update authz.grants set revoked_at = now() where org_id = $1`, 'grant_missing'],
    [
      'a policy that is another one',
      `update authz.policies set rules = jsonb_set(rules, '{0,effect}', '"deny"') where org_id = $1`,
      'policy_denied',
    ],
  ])('is stopped by %s while its conditions are evaluated', async (_what, change, code) => {
    office = await harness.office({ rules: [WHERE_BILLING] });
    const hub = await meanwhile(change);
    expect((await office.call('slack.post', POST, { hub })).json).toMatchObject({ code });
    expect(await keys()).toEqual([]);
    expect(await office.posts()).toEqual([]);
    await hub.close();
  });
});
