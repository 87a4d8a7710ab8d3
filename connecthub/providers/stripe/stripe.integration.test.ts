import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../contracts/json.ts';
import { callApproved } from '../../testing/approved.ts';
import { hubHarness, type HubHarness } from '../../testing/harness.ts';
import type { Office } from '../../testing/office.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
  office = await harness.office({ provider: 'stripe' });
}, 120_000);
afterAll(() => harness.close());

const sandbox = () => harness.surroundings.sandbox;
const result = async (capability: string, parameters: JsonObject): Promise<Record<string, unknown>> => {
  const answer = await callApproved(office, capability, parameters);
  expect(answer.json).toMatchObject({ status: 'succeeded' });
  return Object(answer.json['result']);
};
const refusal = async (capability: string, parameters: JsonObject) => (await callApproved(office, capability, parameters)).json;
const effects = async () => sandbox().stripe.effects(office.team);

describe('connecting an account', () => {
  it('takes its id from the token answer, and says that its money is play money', async () => {
    const { json } = await office.asPerson('GET', '/connections');
    expect(json['items']).toMatchObject([
      { account_id: office.team, account_name: 'Millrace Bindery (test mode)', scopes: ['read_write'], status: 'active' },
    ]);
  });

  it('goes on with the newest tokens, and needs a person when Stripe has ended the connection', async () => {
    const own = await harness.office({ provider: 'stripe' });
    for (let times = 0; times < 2; times += 1) {
      await sandbox().expireTokens(own.team);
      expect((await own.call('customer.list', {})).json).toMatchObject({ provider_code: 'api_key_expired' });
      expect((await own.call('customer.list', {})).status).toBe(200);
    }
    await sandbox().revokeTokens(own.team);
    await own.call('customer.list', {});
    expect((await own.call('customer.list', {})).json).toMatchObject({ code: 'connection_needs_reauth' });
  });

  it('ends at Stripe when it is disconnected', async () => {
    const own = await harness.office({ provider: 'stripe' });
    expect((await own.asPerson('DELETE', `/connections/${own.connectionId}`)).status).toBe(204);
    const tokens = (await sandbox().tokens()).filter(({ team }) => team === own.team);
    expect(tokens.map(({ state }) => state)).toEqual(['revoked', 'revoked']);
  });
});

describe('the capabilities of Stripe', () => {
  it('lists customers page by page, and reads and makes one', async () => {
    const first = await result('customer.list', { limit: 3 });
    expect(first).toMatchObject({ customers: [{ id: 'cus_kyoto' }, {}, {}], next_cursor: 'cus_twin1' });
    expect(await result('customer.list', { limit: 3, cursor: 'cus_twin1' })).toEqual({
      customers: [
        { id: 'cus_hillside', name: 'Hillside Roofing', email: 'office@hillside.example', created: expect.any(String) },
      ],
    });
    expect(await result('customer.get', { id: 'cus_hillside' })).toMatchObject({ name: 'Hillside Roofing' });
    const ada = await result('customer.create', { name: 'Ada & Töchter', email: 'ada@example.com', description: 'a=b&c[d]' });
    expect(await result('customer.list', { email: 'ada@example.com' })).toEqual({ customers: [ada] });
  });

  it('bills a customer known by address: a draft, its lines, its number, the mail', async () => {
    const draft = await result('invoice.create', { customer: 'office@hillside.example', currency: 'USD', days_until_due: 14 });
    expect(draft).toMatchObject({ status: 'draft', customer: 'Hillside Roofing', total: 0, currency: 'USD' });
    const id = String(draft['id']);
    const lines = [
      { description: 'Rebinding', amount: 120.5 },
      { description: 'Boxes', amount: 19.99 },
    ];
    expect(await result('invoice.lines.add', { id, currency: 'USD', lines })).toMatchObject({ total: 140.49, to_pay: 140.49 });
    expect(await result('invoice.get', { id })).toMatchObject({
      lines: [{ description: 'Rebinding', amount: 120.5 }, { amount: 19.99 }],
      more_lines: false,
    });
    expect(await result('invoice.finalize', { id })).toMatchObject({ status: 'open', number: expect.any(String) });
    expect(await result('invoice.send', { id })).toMatchObject({ url: expect.stringContaining(id) });
    expect(await result('invoice.list', { status: 'open', customer: 'cus_hillside' })).toMatchObject({ invoices: [{ id }] });
    expect(await refusal('invoice.finalize', { id })).toMatchObject({ provider_code: 'invoice_not_editable' });
  });

  it('refunds a part of a payment', async () => {
    expect(await result('payment.list', { customer: 'cus_hillside' })).toMatchObject({
      payments: [{ id: 'ch_rebinding', amount: 120, refunded: 0, currency: 'USD', status: 'succeeded' }],
    });
    const refund = { payment: 'ch_rebinding', amount: 20, currency: 'USD', reason: 'requested_by_customer' };
    expect(await result('refund.create', refund)).toMatchObject({ amount: 20, payment: 'ch_rebinding', status: 'succeeded' });
    expect(await refusal('refund.create', { ...refund, amount: 101 })).toMatchObject({ code: 'provider_refused' });
    expect(await result('payment.list', { customer: 'cus_hillside' })).toMatchObject({ payments: [{ refunded: 20 }] });
  });

  it('counts yen in yen', async () => {
    expect(await result('payment.list', { customer: 'cus_kyoto' })).toMatchObject({
      payments: [{ amount: 500, currency: 'JPY' }],
    });
    await result('refund.create', { payment: 'ch_paper', amount: 500, currency: 'JPY' });
    expect((await effects()).at(-1)).toMatchObject({ object: { amount: 500, currency: 'jpy' } });
  });

  it('makes a page to pay at', async () => {
    const link = await result('paymentlink.create', { name: 'A box', amount: 12.5, currency: 'EUR', quantity: 2 });
    expect(link).toEqual({ id: expect.stringMatching(/^plink_/), url: expect.stringMatching(/^https:/) });
    expect((await effects()).at(-1)).toMatchObject({
      items: [{ price_data: { currency: 'eur', unit_amount: 1_250, product_data: { name: 'A box' } }, quantity: 2 }],
    });
  });
});

describe('what is not done', () => {
  it('a refund that nobody has approved, whatever the policy allows', async () => {
    const refund = { payment: 'ch_rebinding', amount: 1, currency: 'USD' };
    expect((await office.call('refund.create', refund)).json).toMatchObject({ code: 'approval_required' });
  });

  it.each([
    [
      'a customer of an address that two have',
      'invoice.create',
      { customer: 'books@marsh.example', currency: 'USD' },
      'customer_ambiguous',
    ],
    [
      'a customer of an address that nobody has',
      'invoice.create',
      { customer: 'no@body.example', currency: 'USD' },
      'customer_not_found',
    ],
    ['a refund in another currency', 'refund.create', { payment: 'ch_paper', amount: 5, currency: 'USD' }, 'currency_mismatch'],
    ['a link to pay half a yen', 'paymentlink.create', { name: 'x', amount: 0.5, currency: 'JPY' }, 'amount_too_fine'],
    [
      'a refund of a failed payment',
      'refund.create',
      { payment: 'ch_declined', amount: 5, currency: 'USD' },
      'charge_not_refundable',
    ],
  ])('%s', async (_what, capability, parameters, word) => {
    const before = (await effects()).length;
    expect(await refusal(capability, parameters)).toMatchObject({ code: 'provider_refused', provider_code: word });
    expect(await effects()).toHaveLength(before);
  });

  it.each(['../customers', 'in_1/../x', 'in_1?expand[]=customer', ''])('a request with an id that is none: %s', async (id) => {
    expect(await refusal('invoice.get', { id })).toMatchObject({ code: 'parameters_invalid' });
  });

  it.each([
    [{ kind: 'status', status: 429, retry_after: 7 }, 'provider_rate_limited', 'rate_limit'],
    [{ kind: 'error', error: 'lock_timeout' }, 'provider_unavailable', 'lock_timeout'],
    [{ kind: 'error', error: 'more_permissions_required' }, 'scope_missing', 'more_permissions_required'],
    [{ kind: 'error', error: 'idempotency_error' }, 'provider_refused', 'idempotency_error'],
    [{ kind: 'error', error: 'card_declined' }, 'provider_refused', 'card_declined'],
  ] as const)('anything, where Stripe says no: %j', async (fault, code, word) => {
    const own = await harness.office({ provider: 'stripe' });
    await sandbox().inject({ team: own.team, method: 'customers.create', ...fault });
    const call = await own.call('customer.create', { name: 'Ada', email: 'ada@example.com' });
    expect(call.json).toMatchObject({ code, provider_code: word });
    expect(await sandbox().stripe.effects(own.team)).toEqual([]);
  });
});
