import { afterAll, beforeAll, expect, it } from 'vitest';
import { hubHarness, type HubHarness } from '../testing/harness.ts';

let harness: HubHarness;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());

it('calls are summed up by skill, capability and how they ended, for their own organisation alone', async () => {
  const office = await harness.office();
  for (const text of ['One.', 'Two.']) await office.call('slack.post', { channel: '#billing', text });
  await office.call('slack.post', { channel: '#nowhere', text: 'Three.' });
  const [since, until] = [-60_000, 60_000].map((ms) => new Date(Date.now() + ms).toISOString());
  const query = `?since=${since}&until=${until}`;
  const { items } = (await office.asPerson('GET', `/receipts/summary${query}`)).json as { items: object[] };
  expect(items).toContainEqual(expect.objectContaining({ capability: 'slack/slack.post', outcome: 'succeeded', calls: 2 }));
  expect(items).toContainEqual(expect.objectContaining({ outcome: 'refused', calls: 1, error_code: expect.any(String) }));
  for (const item of items) expect(item).toMatchObject({ skill: expect.stringMatching(/^[a-z]/), run_ids: expect.any(Array) });
  const other = await harness.office();
  expect((await other.asPerson('GET', `/receipts/summary${query}`)).json).toEqual({ items: [] });
  expect((await office.asPerson('GET', '/receipts/summary')).status).toBe(400);
});

it('the audit of calls and connections is read here, by whoever may', async () => {
  const office = await harness.office();
  await office.call('slack.post', { channel: '#billing', text: 'One.' });
  const audit = await office.asPerson('GET', '/audit?action=call.*&order=asc');
  expect((audit.json as { items: object[] }).items[0]).toMatchObject({ object_type: 'call', allowed: true });
  expect((await office.asPerson('GET', '/audit', { userId: 'user_v', role: 'viewer' })).status).toBe(403);
  expect((await office.asPerson('GET', '/audit/seals')).json).toEqual({ items: [] });
});
