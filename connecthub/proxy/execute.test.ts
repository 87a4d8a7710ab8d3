import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
  office = await harness.office();
}, 120_000);
afterAll(() => harness.close());

describe('a call through everything', () => {
  it('posts once and answers repeats with the stored result', async () => {
    const callId = office.callId();
    const first = await office.call('slack.post', { channel: '#billing', text: 'Invoices are out.' }, { callId });
    expect(first.json).toMatchObject({ call_id: callId, status: 'succeeded', replayed: false, result: { channel: 'C0BILLING1' } });
    const again = await office.call('slack.post', { channel: '#billing', text: 'Invoices are out.' }, { callId });
    expect(again.json).toEqual({ ...first.json, replayed: true });
    const effects = await harness.surroundings.sandbox.effects(office.team);
    expect(effects.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
  });
});
