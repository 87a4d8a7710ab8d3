import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../../dev/sandbox/control/wire.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import { callApproved } from '../../testing/approved.ts';
import { hubHarness, type HubHarness } from '../../testing/harness.ts';
import type { Office } from '../../testing/office.ts';

let harness: HubHarness;
let office: Office;
let callId: string;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office({ provider: 'stripe' });
  callId = office.callId();
});

const sandbox = () => harness.surroundings.sandbox;
const inject = (method: string, when: 'before' | 'after', fault: object) =>
  sandbox().inject({ team: office.team, method, when, ...fault } as FaultInput);
const effectsOf = async (method: string) =>
  (await sandbox().stripe.effects(office.team)).filter((effect) => effect.method === method);
const requestsOf = async (method: string) =>
  (await sandbox().requests(office.team)).filter((request) => request.method === method);
const receipt = async () => (await office.asPerson('GET', `/receipts/${encodeURIComponent(callId)}`)).json;

const made = async (capability: string, parameters: JsonObject): Promise<string> => {
  const { json } = await office.call(capability, parameters);
  return String((json['result'] as { id?: unknown } | undefined)?.id);
};
const aDraft = () => made('invoice.create', { customer: 'cus_hillside', currency: 'USD' });
const LINES = { currency: 'USD', lines: [{ description: 'Rebinding', amount: 120 }] };
const aFilledDraft = async () => {
  const id = await aDraft();
  await office.call('invoice.lines.add', { id, ...LINES });
  return id;
};

interface Write {
  capability: string;
  method: string;
  parameters: () => Promise<JsonObject>;
}
const WRITES: Write[] = [
  {
    capability: 'customer.create',
    method: 'customers.create',
    parameters: async () => ({ name: 'Ada', email: 'ada@example.com' }),
  },
  {
    capability: 'invoice.create',
    method: 'invoices.create',
    parameters: async () => ({ customer: 'office@hillside.example', currency: 'USD' }),
  },
  {
    capability: 'invoice.lines.add',
    method: 'invoices.add_lines',
    parameters: async () => ({ id: await aDraft(), ...LINES }),
  },
  { capability: 'invoice.finalize', method: 'invoices.finalize', parameters: async () => ({ id: await aFilledDraft() }) },
  { capability: 'invoice.send', method: 'invoices.send', parameters: async () => ({ id: await aFilledDraft() }) },
  {
    capability: 'refund.create',
    method: 'refunds.create',
    parameters: async () => ({ payment: 'ch_rebinding', amount: 20, currency: 'USD' }),
  },
  {
    capability: 'paymentlink.create',
    method: 'payment_links.create',
    parameters: async () => ({ name: 'A box', amount: 12.5, currency: 'USD' }),
  },
];

/** The first attempt was that long ago, and nobody's job has looked at it yet. */
async function age(interval: string): Promise<void> {
  await harness.owner.query(
    `update hub.call_keys set deadline = now() - interval '1 second', settle_after = now() - interval '1 second',
       created_at = created_at - $2::interval where org_id = $1`,
    [office.orgId, interval],
  );
  await harness.owner.query('update hub.receipts set created_at = created_at - $2::interval where org_id = $1', [
    office.orgId,
    interval,
  ]);
}

describe.each(WRITES)('$capability without an answer', ({ capability, method, parameters }) => {
  it.each(['before', 'after'] as const)('is sent again with its key, and stands once (lost %s the effect)', async (when) => {
    const given = await parameters();
    await inject(method, when, { kind: 'reset' });
    expect((await callApproved(office, capability, given, { callId })).json).toMatchObject({ code: 'call_settling' });
    await age('1 minute');
    expect((await callApproved(office, capability, given, { callId })).json).toMatchObject({ status: 'succeeded' });
    expect(await receipt()).toMatchObject({ attempts: [{ outcome: 'maybe' }, { code: 'sent_again' }] });
    const keys = (await requestsOf(method)).map(({ args }) => args['idempotency_key']);
    expect(keys.slice(-2)).toEqual([expect.stringMatching(/^[a-z2-7]{32}$/), keys.at(-2)]);
    expect(await effectsOf(method)).toHaveLength(1);
  });

  it('is found where nobody repeats it', async () => {
    const given = await parameters();
    await inject(method, 'after', { kind: 'half' });
    await callApproved(office, capability, given, { callId });
    await harness.passTime(office.orgId);
    expect((await callApproved(office, capability, given, { callId })).json).toMatchObject({
      status: 'succeeded',
      replayed: true,
    });
    expect(await receipt()).toMatchObject({ attempts: [{ outcome: 'maybe' }, { code: 'found_by_lookup' }] });
    expect(await requestsOf(method)).toHaveLength(1);
  });

  it('is known not to stand where it was never made', async () => {
    const given = await parameters();
    await inject(method, 'before', { kind: 'status', status: 503 });
    await callApproved(office, capability, given, { callId });
    await harness.passTime(office.orgId);
    expect(await receipt()).toMatchObject({ attempts: [{ outcome: 'maybe' }, { code: 'not_found_by_lookup' }] });
    expect((await callApproved(office, capability, given, { callId })).json).toMatchObject({
      status: 'succeeded',
      replayed: false,
    });
    expect(await effectsOf(method)).toHaveLength(1);
  });
});

describe('a key that Stripe may have forgotten', () => {
  it('is not relied upon: what was made is looked for', async () => {
    const { capability, method, parameters } = WRITES[5]!;
    const given = await parameters();
    await inject(method, 'after', { kind: 'reset' });
    await callApproved(office, capability, given, { callId });
    await age('24 hours');
    expect((await callApproved(office, capability, given, { callId })).json).toMatchObject({ status: 'succeeded' });
    expect(await receipt()).toMatchObject({ attempts: [{ outcome: 'maybe' }, { code: 'found_by_lookup' }] });
    expect(await requestsOf(method)).toHaveLength(1);
  });
});

describe('a request whose key is in use', () => {
  it('is neither refused nor repeated while the other one may still make its effect', async () => {
    const { capability, method, parameters } = WRITES[0]!;
    const given = await parameters();
    await inject(method, 'before', { kind: 'error', error: 'idempotency_key_in_use' });
    expect((await callApproved(office, capability, given, { callId })).json).toMatchObject({ code: 'call_settling' });
    expect(await effectsOf(method)).toHaveLength(0);
  });
});
