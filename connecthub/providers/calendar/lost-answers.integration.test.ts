import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../dev/sandbox/control/wire.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import { callApproved } from '../../testing/approved.ts';
import { hubHarness, type HubHarness } from '../../testing/harness.ts';
import type { Office } from '../../testing/office.ts';
import { FREE_BUSY, READ } from './scopes.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office({ provider: 'calendar' });
});

const inject = (method: string, when: 'before' | 'after', fault: object) =>
  harness.surroundings.sandbox.inject({ team: office.team, method, when, ...fault } as FaultInput);
const effects = () => harness.surroundings.sandbox.calendar.effects(office.team);
const call = (capability: string, parameters: JsonObject, callId = office.callId()) =>
  callApproved(office, capability, parameters, { callId });
const seen = async (id = 'rollers01') => {
  const { etag } = (await office.call('event.get', { id })).json['result'] as { etag: string };
  return { id, etag };
};

const MEETING = { title: 'Review', start: '2026-12-01T10:00:00+01:00', end: '2026-12-01T11:00:00+01:00' };
const WRITES: { capability: string; method: string; parameters: () => Promise<JsonObject> }[] = [
  { capability: 'event.create', method: 'events.insert', parameters: async () => MEETING },
  {
    capability: 'event.update',
    method: 'events.patch',
    parameters: async () => ({ ...(await seen()), location: 'Hall 3', description: 'x'.repeat(500) }),
  },
  { capability: 'event.delete', method: 'events.delete', parameters: seen },
];
const LOST = [{ kind: 'reset' }, { kind: 'garbage' }, { kind: 'status', status: 503 }] as const;

describe.each(WRITES)('$capability without a readable answer', ({ capability, method, parameters }) => {
  it.each(LOST)('stands once when it was done ($kind)', async (fault) => {
    const [callId, sent] = [office.callId(), await parameters()];
    await inject(method, 'after', fault);
    expect((await call(capability, sent, callId)).json).toMatchObject({ code: 'call_settling' });
    await harness.passTime(office.orgId);
    expect((await call(capability, sent, callId)).json).toMatchObject({ status: 'succeeded', replayed: true });
    expect(await effects()).toHaveLength(1);
  });

  it.each(LOST)('goes out again when it was not ($kind)', async (fault) => {
    const [callId, sent] = [office.callId(), await parameters()];
    await inject(method, 'before', fault);
    expect((await call(capability, sent, callId)).json).toMatchObject({ code: 'call_settling' });
    await harness.passTime(office.orgId);
    expect((await call(capability, sent, callId)).json).toMatchObject({ status: 'succeeded', replayed: false });
    expect(await effects()).toHaveLength(1);
  });
});

describe('an event whose id is there already', () => {
  it('stands: nobody else makes one of that id', async () => {
    const callId = office.callId();
    await inject('events.insert', 'before', { kind: 'error', error: 'duplicate' });
    const made = await call('event.create', MEETING, callId);
    expect(made.json).toMatchObject({
      status: 'succeeded',
      result: { id: expect.stringMatching(/^[0-9a-v]{32}$/), title: 'Review' },
    });
  });
});

describe('a change that was lost', () => {
  it('waits for a person where somebody else changed the event since', async () => {
    const [callId, sent] = [office.callId(), { ...(await seen()), location: 'Hall 3' }];
    await inject('events.patch', 'after', { kind: 'reset' });
    await call('event.update', sent, callId);
    expect((await call('event.update', { ...(await seen()), location: 'Hall 4' })).json).toMatchObject({ status: 'succeeded' });
    await harness.passTime(office.orgId);
    expect((await call('event.update', sent, callId)).json).toMatchObject({ code: 'outcome_unknown' });
    expect(await effects()).toHaveLength(2);
  });

  it('can be looked for with the right to write alone, which reads too', async () => {
    office = await harness.office({ provider: 'calendar', untick: [READ, FREE_BUSY] });
    const callId = office.callId();
    await inject('events.insert', 'after', { kind: 'reset' });
    await call('event.create', MEETING, callId);
    await harness.passTime(office.orgId);
    expect((await call('event.create', MEETING, callId)).json).toMatchObject({ status: 'succeeded', replayed: true });
  });
});
