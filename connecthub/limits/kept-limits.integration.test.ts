import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { HubCopy } from '../testing/hub-copy.ts';
import type { Office, OfficeOptions } from '../testing/office.ts';

let harness: HubHarness;
/** Two copies that keep to the documented limits. */
let copies: HubCopy[];
beforeAll(async () => {
  harness = await hubHarness();
  const env = { PROVIDER_LIMITS_FACTOR: '1' };
  copies = [await harness.copy(env), await harness.copy(env)];
}, 120_000);
afterAll(() => harness.close());

/** An office whose account at the provider enforces what the provider documents. */
async function strictOffice(options: OfficeOptions): Promise<Office> {
  const office = await harness.office(options);
  await harness.surroundings.sandbox.enforceLimits(office.team);
  return office;
}
const statusesAt = async (office: Office) =>
  (await harness.surroundings.sandbox.requests(office.team)).map(({ status }) => status);
const spread = (office: Office, n: number, capability: string, parameters: (n: number) => object) =>
  Promise.all(
    Array.from({ length: n }, (_, at) => {
      const hub = copies[at % copies.length];
      return office.call(capability, { ...parameters(at) }, hub ? { hub } : {});
    }),
  );

describe('a provider’s limits', () => {
  it('row 43: are kept by all copies together: 25 reports at once of a company that answers ten a second', async () => {
    const office = await strictOffice({ provider: 'quickbooks' });
    const answers = await spread(office, 25, 'report.profit_and_loss', () => ({}));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(10);
    // What would wait for longer than a moment is told how long, and nothing was sent of it.
    for (const { status, json, headers } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, json['code'], json['limit']]).toEqual([
        429,
        'provider_rate_limited',
        { name: 'requests a second', most: 10, per_seconds: 1 },
      ]);
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(10);
    }
    const seen = await statusesAt(office);
    expect(seen.filter((status) => status === 429)).toEqual([]);
    expect(seen.length).toBeLessThanOrEqual(statuses.filter((status) => status === 200).length + 3);
  });

  it('are waited for, where that is short, and leave no attempt behind where it is not', async () => {
    const office = await strictOffice({});
    const ids = [office.callId(), office.callId(), office.callId(), office.callId()];
    const post = (at: number) => {
      const [callId, hub] = [ids[at], copies[at % 2]];
      return office.call(
        'slack.post',
        { channel: '#billing', text: `${at}` },
        { ...(callId && { callId }), ...(hub && { hub }) },
      );
    };
    const answers = await Promise.all([0, 1, 2, 3].map(post));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    const refused = ids.filter((_id, at) => answers[at]?.status === 429);
    const { rows } = await harness.owner.query('select call_id from hub.call_keys where org_id = $1 and call_id = any($2)', [
      office.orgId,
      refused,
    ]);
    expect(rows).toEqual([]);
    expect(await office.posts()).toHaveLength(2);
    // The same calls again are as good as new ones; each try waits for its moment a little.
    const again = answers.findIndex(({ status }) => status === 429);
    for (let tries = 0; (await post(again)).status !== 200; tries += 1) expect(tries).toBeLessThan(20);
    expect(await office.posts()).toHaveLength(3);
    expect((await statusesAt(office)).filter((status) => status === 429)).toEqual([]);
  });

  it('count every request of a call: pages of people, and what a reaction looks up first', async () => {
    const office = await strictOffice({});
    const find = () => office.call('slack.users.find', { query: 'nobody' }, copies[0] ? { hub: copies[0] } : {});
    const answers = [];
    for (let n = 0; n < 22; n += 1) answers.push(await find());
    const lists = (await harness.surroundings.sandbox.requests(office.team)).filter(({ method }) => method === 'users.list');
    expect(lists).toHaveLength(20);
    expect(lists.every(({ status }) => status === 200)).toBe(true);
    expect(answers.at(-1)?.json).toMatchObject({
      code: 'provider_rate_limited',
      limit: { name: 'tier 2', most: 20, per_seconds: 60 },
    });
    // It is no wish of the provider's that would stop other copies; and the limit is the method's: others go on.
    const { rows } = await harness.owner.query('select * from hub.provider_limits where org_id = $1', [office.orgId]);
    expect(rows).toEqual([]);
    expect((await office.call('slack.channels.list', {}, copies[1] ? { hub: copies[1] } : {})).status).toBe(200);
  });

  it('do not hold one organisation up for another, nor one channel for another', async () => {
    const [one, other] = [await strictOffice({}), await strictOffice({})];
    const [ours, theirs] = await Promise.all([
      spread(one, 3, 'slack.post', (at) => ({ channel: ['#billing', '#general', '#billing'][at], text: 'x' })),
      spread(other, 1, 'slack.post', () => ({ channel: '#billing', text: 'x' })),
    ]);
    expect([...ours, ...theirs].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });
});
