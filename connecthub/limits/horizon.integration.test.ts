import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCallId, makeRunId, makeSkillRunId } from '../../contracts/ids.ts';
import { createConnectHub } from '../app.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import { CALL_KEY_HORIZON_DAYS } from './horizon.ts';

const POST = { channel: '#billing', text: 'Once.' };

let harness: HubHarness;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());

describe('a call id past the horizon', () => {
  it('is refused whatever the ledger still knows, and never executed', async () => {
    const office = await harness.office();
    const [done, fresh] = [office.callId(), office.callId()];
    await office.call('slack.post', POST, { callId: done });
    const { parts } = harness.hub;
    const later = () => new Date(Date.now() + (CALL_KEY_HORIZON_DAYS + 1) * 86_400_000);
    const app = await createConnectHub({ ...parts, clock: later });
    for (const callId of [done, fresh]) {
      const answer = await office.call('slack.post', POST, { callId, hub: { app, parts, close: () => app.close() } });
      expect(answer.json).toMatchObject({ status: 410, code: 'call_id_expired' });
      expect(await office.refusals(callId)).toEqual(['call_id_expired']);
    }
    await app.close();
    expect(await office.posts()).toHaveLength(1);
  });

  it('is refused where its run is still to come', async () => {
    const office = await harness.office();
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const runId = makeRunId({ employee: office.employeeId, version: 1, at });
    const ticket = await office.sign({ runId, callScope: runId });
    const callId = makeCallId({ skillRun: makeSkillRunId({ run: runId, node: 'digest', visit: 1 }), items: [], n: 1 });
    expect((await office.call('slack.post', POST, { callId, ticket })).json).toMatchObject({ code: 'invalid_request' });
  });
});
