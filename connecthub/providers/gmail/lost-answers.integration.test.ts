import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../dev/sandbox/control/wire.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import { hubHarness, type HubHarness } from '../../testing/harness.ts';
import type { HubCopy } from '../../testing/hub-copy.ts';
import type { Office } from '../../testing/office.ts';
import { MODIFY, READ } from './scopes.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office({ provider: 'gmail' });
});

const inject = (method: string, when: 'before' | 'after', fault: Pick<FaultInput, 'kind'> & object) =>
  harness.surroundings.sandbox.inject({ team: office.team, method, when, ...fault } as FaultInput);
const effects = () => harness.surroundings.sandbox.gmail.effects(office.team);
const anEmail = () =>
  harness.surroundings.sandbox.gmail.receive(office.team, { from: 'ada@outside.example', subject: 'Hi', text: 'Hi' });

const MAIL = { to: 'rosa@harbourcafe.example', subject: 'Reminder', body: 'Please pay.' };
const WRITES: { capability: string; method: string; parameters: () => Promise<JsonObject> }[] = [
  { capability: 'email.send', method: 'messages.send', parameters: async () => MAIL },
  {
    capability: 'email.reply',
    method: 'messages.send',
    parameters: async () => ({ id: (await anEmail()).id, to: 'ada@outside.example', body: 'Yes.' }),
  },
  { capability: 'email.draft', method: 'drafts.create', parameters: async () => MAIL },
  {
    capability: 'email.label',
    method: 'messages.modify',
    parameters: async () => ({ id: (await anEmail()).id, label: 'Handled' }),
  },
];
const LOST = [{ kind: 'reset' }, { kind: 'garbage' }, { kind: 'half' }, { kind: 'status', status: 503 }] as const;

describe.each(WRITES)('$capability without a readable answer', ({ capability, method, parameters }) => {
  it.each(LOST)('stands once when it was done ($kind)', async (fault) => {
    const [callId, sent] = [office.callId(), await parameters()];
    await inject(method, 'after', fault);
    expect((await office.call(capability, sent, { callId })).json).toMatchObject({ code: 'call_settling' });
    await harness.passTime(office.orgId);
    expect((await office.call(capability, sent, { callId })).json).toMatchObject({ status: 'succeeded', replayed: true });
    expect(await effects()).toHaveLength(1);
  });

  it.each(LOST)('goes out again when it was not ($kind)', async (fault) => {
    const [callId, sent] = [office.callId(), await parameters()];
    await inject(method, 'before', fault);
    expect((await office.call(capability, sent, { callId })).json).toMatchObject({ code: 'call_settling' });
    await harness.passTime(office.orgId);
    expect((await office.call(capability, sent, { callId })).json).toMatchObject({ status: 'succeeded', replayed: false });
    expect(await effects()).toHaveLength(1);
  });
});

describe('a mail that nobody can look for', () => {
  const untilSettled = async (hub: HubCopy = harness.hub) => {
    const callId = office.callId();
    await inject('messages.send', 'after', { kind: 'reset' });
    await office.call('email.send', MAIL, { callId, hub });
    await harness.passTime(office.orgId, hub);
    return (await office.call('email.send', MAIL, { callId, hub })).json;
  };

  it('stays unknown where the person did not allow reading', async () => {
    office = await harness.office({ provider: 'gmail', untick: [READ, MODIFY] });
    expect(await untilSettled()).toMatchObject({ code: 'outcome_unknown' });
    expect(await effects()).toHaveLength(1);
  });

  it('stays unknown where the installation does not say that Gmail keeps our Message-ID', async () => {
    const doubting = await harness.copy({ GMAIL_KEEPS_MESSAGE_ID: '' });
    expect(await untilSettled(doubting)).toMatchObject({ code: 'outcome_unknown' });
    expect(await effects()).toHaveLength(1);
  });
});

describe('scopes that the person unticked', () => {
  it('are missing by name, and the rest works', async () => {
    office = await harness.office({ provider: 'gmail', untick: [READ, MODIFY] });
    expect((await office.call('email.search', { query: 'x' })).json).toMatchObject({ code: 'scope_missing' });
    expect((await office.call('email.send', MAIL)).json).toMatchObject({ status: 'succeeded' });
  });

  it('may be ones that another one stands for', async () => {
    office = await harness.office({ provider: 'gmail', untick: [READ] });
    expect((await office.call('email.search', { query: 'in:inbox' })).json).toMatchObject({ status: 'succeeded' });
  });
});
