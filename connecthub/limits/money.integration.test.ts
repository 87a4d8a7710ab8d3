import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConnectHub } from '../app.ts';
import { isEffect } from '../providers/definition.ts';
import type { Capability, Registry } from '../providers/registry.ts';
import { budgetsOf, type Budgets } from '../testing/budgets.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { HubCopy } from '../testing/hub-copy.ts';
import type { Office } from '../testing/office.ts';

const pay = (usd: string) => ({ channel: '#billing', text: `${usd} USD` });

let harness: HubHarness;
let office: Office;
let budgets: Budgets;
let copies: [HubCopy, HubCopy];
beforeAll(async () => {
  harness = await hubHarness();
  copies = [await spendingCopy(harness.hub), await spendingCopy(await harness.copy())];
}, 120_000);
afterAll(async () => {
  await Promise.all(copies.map((copy) => copy.close()));
  await harness.close();
});
beforeEach(async () => {
  office = await harness.office();
  budgets = budgetsOf(harness.owner, office);
  await budgets.set({ money_per_day: { USD: '100.30' } });
});
afterEach(() => budgets.assertCounted());

/** ConnectHub with a post that spends what its text says. */
async function spendingCopy({ parts }: HubCopy): Promise<HubCopy> {
  const { registry } = parts;
  const spending = (found: Capability | undefined): Capability | undefined => {
    if (!found || !isEffect(found.definition)) return found;
    const money = ({ text }: { text?: unknown }) => {
      const [, amount, currency] = /^(\S+) (\S+)$/.exec(String(text)) ?? [];
      return amount === undefined || currency === undefined ? undefined : { amount, currency };
    };
    return { ...found, definition: { ...found.definition, money } };
  };
  const of: Registry['of'] = (orgId) => {
    const own = registry.of(orgId);
    return { ...own, capability: async (qualified) => spending(await own.capability(qualified)) };
  };
  const app = await createConnectHub({ ...parts, registry: { ...registry, of } });
  return { app, parts, close: () => app.close() };
}

describe('money', () => {
  it('is reserved to the cent, and what exceeds the rest of the day is refused with what is left to know', async () => {
    const [hub] = copies;
    expect((await office.call('slack.post', pay('100.10'), { hub })).status).toBe(200);
    const callId = office.callId();
    expect((await office.call('slack.post', pay('0.21'), { hub, callId })).json).toMatchObject({
      code: 'budget_exceeded',
      fields: [{ field: '/budget/money_per_day/USD', message: '100.10 of 100.30 used' }],
      limit: { most: '100.30', used: '100.10', needed: '0.21', unit: 'USD' },
    });
    expect((await office.call('slack.post', pay('0.20'), { hub, callId })).status).toBe(200);
    expect(await budgets.used()).toMatchObject({ 'employee_day USD': 100.3, 'employee_day effects': 2 });
  });

  it('is not overspent by two copies at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => office.call('slack.post', pay('33.43'), { hub: copies[i % 2 === 0 ? 0 : 1] })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(await office.posts()).toHaveLength(3);
    expect(await budgets.used()).toMatchObject({ 'employee_day USD': 100.29, 'run effects': 3 });
  });

  it('is returned with the call, which may come back with another amount', async () => {
    const [hub] = copies;
    const callId = office.callId();
    const { sandbox } = harness.surroundings;
    await sandbox.inject({ team: office.team, method: 'chat.postMessage', kind: 'error', error: 'not_in_channel' });
    await office.call('slack.post', pay('100'), { hub, callId });
    expect(await budgets.used()).toEqual({});
    expect((await office.call('slack.post', pay('60.05'), { hub, callId })).status).toBe(200);
    expect(await budgets.used()).toMatchObject({ 'employee_day USD': 60.05, 'employee_day effects': 1 });
  });

  it('of a currency that the budget does not name is not spent, nor is an amount that is none', async () => {
    const [hub] = copies;
    const euros = { channel: '#billing', text: '1 EUR' };
    expect((await office.call('slack.post', euros, { hub })).json).toMatchObject({ code: 'budget_exceeded' });
    expect((await office.call('slack.post', pay('-5'), { hub })).json).toMatchObject({ code: 'parameters_invalid' });
    expect(await office.posts()).toEqual([]);
  });
});
