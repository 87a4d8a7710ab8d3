import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../dev/sandbox/control/wire.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import { hubHarness, type HubHarness } from '../../testing/harness.ts';
import type { Office } from '../../testing/office.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office({ provider: 'github' });
});

const inject = (method: string, when: 'before' | 'after', fault: object) =>
  harness.surroundings.sandbox.inject({ team: office.team, method, when, ...fault } as FaultInput);
const effects = () => harness.surroundings.sandbox.github.effects(office.team);

const WRITES: { capability: string; method: string; parameters: JsonObject }[] = [
  {
    capability: 'issue.create',
    method: 'issues.create',
    parameters: { repository: 'millrace/press', title: 'Belt slips', body: 'x'.repeat(500), labels: ['bug'] },
  },
  {
    capability: 'issue.comment',
    method: 'comments.create',
    parameters: { repository: 'millrace/press', number: 1, body: 'Oiled.' },
  },
  { capability: 'issue.close', method: 'issues.update', parameters: { repository: 'millrace/press', number: 1 } },
];
const LOST = [{ kind: 'reset' }, { kind: 'garbage' }, { kind: 'half' }, { kind: 'status', status: 502 }] as const;

describe.each(WRITES)('$capability without a readable answer', ({ capability, method, parameters }) => {
  it.each(LOST)('stands once when it was done ($kind)', async (fault) => {
    const callId = office.callId();
    await inject(method, 'after', fault);
    expect((await office.call(capability, parameters, { callId })).json).toMatchObject({ code: 'call_settling' });
    await harness.passTime(office.orgId);
    expect((await office.call(capability, parameters, { callId })).json).toMatchObject({ status: 'succeeded', replayed: true });
    expect(await effects()).toHaveLength(1);
  });

  it.each(LOST)('goes out again when it was not ($kind)', async (fault) => {
    const callId = office.callId();
    await inject(method, 'before', fault);
    expect((await office.call(capability, parameters, { callId })).json).toMatchObject({ code: 'call_settling' });
    await harness.passTime(office.orgId);
    expect((await office.call(capability, parameters, { callId })).json).toMatchObject({ status: 'succeeded', replayed: false });
    expect(await effects()).toHaveLength(1);
  });

  it('dropped between the effect and the answer is found by another copy', async () => {
    const callId = office.callId();
    const barrier = await harness.surroundings.sandbox.barrier({ team: office.team, method });
    const first = office.call(capability, parameters, { callId });
    await barrier.waitUntilHeld();
    await barrier.release('drop');
    await first;
    const other = await harness.copy();
    await harness.passTime(office.orgId, other);
    const again = await office.call(capability, parameters, { callId, hub: other });
    expect(again.json).toMatchObject({ status: 'succeeded', replayed: true });
    expect(await effects()).toHaveLength(1);
  });
});
