import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hubHarness, type HubHarness } from '../../testing/harness.ts';
import { createBrowser } from '../../testing/browser.ts';
import type { Office } from '../../testing/office.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
  office = await harness.office({ provider: 'quickbooks' });
}, 120_000);
afterAll(() => harness.close());

const quickbooks = () => harness.surroundings.sandbox.quickbooks;
const call = (capability: string, parameters: object) => office.call(capability, { ...parameters });
const result = async (capability: string, parameters: object): Promise<Record<string, unknown>> => {
  const answer = await call(capability, parameters);
  expect(answer.json).toMatchObject({ status: 'succeeded' });
  return Object(answer.json['result']);
};
const listOf = (answer: Record<string, unknown>, name: string): Record<string, unknown>[] => {
  const list = answer[name];
  return Array.isArray(list) ? list : [];
};
const numbers = async (parameters: object) =>
  listOf(await result('invoice.list', parameters), 'invoices').map((one) => one['number']);
const invoice = (amount = 8_400, more: object = {}) => ({
  customer: 'Hillside Roofing',
  currency: 'USD',
  lines: [{ description: 'Stage 4', amount }],
  ...more,
});

describe('connecting a company', () => {
  it('takes its id from the callback, and its name from the books', async () => {
    const { rows } = await harness.owner.query('select account_id, account_name, scopes from hub.connections where org_id = $1', [
      office.orgId,
    ]);
    expect(rows).toEqual([
      { account_id: office.team, account_name: 'Millrace Bindery', scopes: ['com.intuit.quickbooks.accounting'] },
    ]);
  });

  it.each([
    ['another company’s id', '9341450000000042', 'authorization_failed'],
    ['no id', '', 'realm_missing'],
    ['a path', '1/../2', 'realm_missing'],
  ])('refuses a callback with %s', async (_what, realmId, reason) => {
    const browser = createBrowser(harness.hub.app, harness.surroundings.sandbox);
    const { json } = await office.asPerson('GET', '/oauth/launch/quickbooks');
    const callback = new URL(await browser.untilCallback(String(json['url']), { team: office.team }));
    callback.searchParams.set('realmId', realmId);
    expect((await browser.open(callback.href)).json).toMatchObject({ code: 'oauth_failed', provider_code: reason });
  });

  it('is kept alive with the newest refresh token, again and again', async () => {
    for (let i = 0; i < 3; i += 1) {
      await harness.surroundings.sandbox.expireTokens(office.team);
      await harness.owner.query(`update hub.connections set token_expires_at = now() + interval '1 second' where org_id = $1`, [
        office.orgId,
      ]);
      expect((await call('customer.list', {})).status).toBe(200);
    }
  });

  it('asks for another token when the one it has is refused before its time', async () => {
    await harness.surroundings.sandbox.expireTokens(office.team);
    expect((await call('customer.list', {})).json).toMatchObject({ code: 'provider_unavailable' });
    expect((await call('customer.list', {})).status).toBe(200);
  });
});

describe('invoices', () => {
  it('are found by what a bookkeeper asks for', async () => {
    expect(await numbers({ status: 'overdue' })).toEqual(['1046', '1043', '1042', '1044']);
    expect(await numbers({ status: 'open', customer: 'Hillside Roofing' })).toEqual(['1042', '1047']);
    expect(await numbers({ status: 'paid', customer: '2' })).toEqual(['1040']);
    expect(await numbers({ min_days_overdue: 14, min_balance: 500 })).toEqual(['1046', '1043', '1042']);
    expect(await numbers({ number: '1045' })).toEqual(['1045']);
    expect(await numbers({ customer: "O'Malley Stationers" })).toEqual(['1044']);
    const day = new Date(Date.now() - 50 * 86_400_000).toISOString().slice(0, 10);
    expect(await numbers({ status: 'open', due_before: day })).toEqual(['1046']);
  });

  it('are shown flat, with where the customer reads mail', async () => {
    const answer = await result('invoice.list', { customer: "O'Malley Stationers" });
    expect(answer).toEqual({
      invoices: [
        {
          id: '144',
          number: '1044',
          customer: "O'Malley Stationers",
          customer_id: '3',
          customer_email: 'orders@omalley.example',
          date: expect.any(String),
          due_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
          amount: 120.5,
          balance: 120.5,
          currency: 'USD',
          status: 'overdue',
          days_overdue: 9,
          emailed: false,
        },
      ],
      truncated: false,
    });
    expect(await result('invoice.list', { limit: 2 })).toMatchObject({ invoices: [{}, {}], truncated: true });
  });

  it('are read with their lines', async () => {
    expect(await result('invoice.get', { id: '142' })).toMatchObject({
      number: '1042',
      balance: 4200,
      customer_email: 'accounts@hillside.example',
      lines: [{ description: 'Sample books, stage 2', item: 'Binding', quantity: 1, amount: 8400 }],
    });
    expect((await call('invoice.get', { id: '999' })).json).toMatchObject({
      code: 'provider_refused',
      provider_code: 'not_found',
    });
  });

  it('are created by names, with our marker where no customer reads it, and sent when that is asked for', async () => {
    const made = await result('invoice.create', invoice(8_400.1, { due_date: '2030-01-15', memo: 'Thank you' }));
    expect(made).toMatchObject({ customer_id: '1', amount: 8400.1, due_date: '2030-01-15', status: 'open', emailed: false });
    const [effect] = (await quickbooks().effects(office.team)).slice(-1);
    expect(effect).toMatchObject({
      native_key: expect.stringMatching(/^[a-z2-7]{32}$/),
      object: { CustomerMemo: { value: 'Thank you' } },
    });
    expect(effect?.object).toMatchObject({ PrivateNote: `[clancy ${effect?.native_key}]` });
    const sent = await result('invoice.send', { id: made['id'], send_to: 'katrin@hillside.example' });
    expect(sent).toMatchObject({ id: made['id'], sent_to: 'katrin@hillside.example', sent_at: expect.any(String) });
    expect(await result('invoice.get', { id: made['id'] })).toMatchObject({
      emailed: true,
      customer_email: 'katrin@hillside.example',
    });
  });

  it.each([
    ['customer_not_found', invoice(1, { customer: "x' OR Id > '0" })],
    ['invalid_reference', invoice(1, { customer: '99999' })],
    ['item_not_found', invoice(1, { lines: [{ description: 'x', amount: 1, item: 'Gold' }] })],
    ['business_validation', invoice(1, { currency: 'EUR' })],
  ])('are refused before anything is booked: %s', async (reason, parameters) => {
    const before = (await quickbooks().effects(office.team)).length;
    expect((await call('invoice.create', parameters)).json).toMatchObject({ code: 'provider_refused', provider_code: reason });
    expect(await quickbooks().effects(office.team)).toHaveLength(before);
  });
});

describe('an amount with a fraction of a cent', () => {
  it.each(['invoice.create', 'payment.create'])('is refused by %s', async (capability) => {
    const parameters = capability === 'invoice.create' ? invoice(0.001) : { customer: '1', amount: 0.001, currency: 'USD' };
    expect((await call(capability, parameters)).json).toMatchObject({ code: 'parameters_invalid' });
  });
});

describe('customers', () => {
  it('are listed and searched by part of a name or by address', async () => {
    const names = async (query: string) =>
      listOf(await result('customer.list', { query }), 'customers').map((one) => one['name']);
    expect(await names('marsh')).toEqual(['Marsh & Sons']);
    expect(await names('bills@fernhollow.example')).toEqual(['Fernhollow Furniture']);
    expect(await names("'; %")).toEqual([]);
    expect(await result('customer.list', { query: 'Fernhollow' })).toMatchObject({
      customers: [{ id: '5', balance: 7200, notes: 'Ring before a third reminder.', currency: 'USD' }],
    });
  });

  it('are created once by name, with notes for the own people', async () => {
    const made = await result('customer.create', {
      name: 'Quill & Co',
      email: 'hi@quill.example',
      address: 'Mill Lane 3\nBath',
      notes: 'New',
    });
    expect(made).toEqual({
      id: expect.any(String),
      name: 'Quill & Co',
      balance: 0,
      email: 'hi@quill.example',
      currency: 'USD',
      notes: 'New',
    });
    expect((await call('customer.create', { name: 'quill & co' })).json).toMatchObject({ provider_code: 'duplicate_name' });
  });
});

describe('payments', () => {
  it('are recorded against an invoice, and listed', async () => {
    const paid = { customer: 'Marsh & Sons', amount: 640, currency: 'USD', invoice_id: '143', reference: 'TRF-9' };
    expect(await result('payment.create', paid)).toMatchObject({
      amount: 640,
      unapplied: 0,
      invoice_ids: ['143'],
      reference: 'TRF-9',
    });
    expect(await result('invoice.get', { id: '143' })).toMatchObject({ status: 'paid', balance: 0 });
    expect((await call('payment.create', { ...paid, amount: 1 })).json).toMatchObject({ provider_code: 'business_validation' });
    expect(await result('payment.list', { customer: '2', min_amount: 500 })).toMatchObject({
      payments: [{ reference: 'TRF-9' }],
    });
    const today = new Date().toISOString().slice(0, 10);
    expect(listOf(await result('payment.list', { since: today, until: today }), 'payments')).toHaveLength(1);
  });
});

describe('supplier bills', () => {
  it('are entered on an account, and found by when they are due', async () => {
    const bills = async (parameters: object) =>
      listOf(await result('bill.list', parameters), 'bills').map((one) => one['number']);
    expect(await bills({ due_within_days: 7 })).toEqual(['BA-1001', 'NP-778']);
    expect(await bills({ status: 'overdue' })).toEqual(['BA-1001']);
    expect(await bills({ vendor: 'Norden Paper Mills', status: 'paid' })).toEqual(['NP-741']);
    const lines = [
      { account: 'Utilities', amount: 80.1, description: 'Power' },
      { account: 'Rent', amount: 1_200.2 },
    ];
    const made = await result('bill.create', { vendor: '52', currency: 'USD', lines, number: 'BA-1002', due_date: '2030-02-01' });
    expect(made).toMatchObject({
      vendor: 'Bright Adhesives',
      amount: 1280.3,
      balance: 1280.3,
      status: 'open',
      number: 'BA-1002',
    });
    const again = await call('bill.create', { vendor: '52', currency: 'USD', lines, number: 'BA-1002' });
    expect(again.json).toMatchObject({ provider_code: 'duplicate_number' });
  });
});

describe('reports', () => {
  it('tell what was earned and what is owed', async () => {
    const wide = { start_date: '2000-01-01', end_date: '2100-01-01', basis: 'cash' };
    const profit = await result('report.profit_and_loss', wide);
    expect(profit).toMatchObject({
      start_date: '2000-01-01',
      basis: 'Cash',
      currency: 'USD',
      cost_of_goods_sold: 0,
      truncated: false,
    });
    expect(Number(profit['net_income'])).toBeCloseTo(Number(profit['income']) - Number(profit['expenses']), 2);
    expect(listOf(profit, 'accounts')).toContainEqual({ section: 'Expenses', account: 'Materials', amount: 2540.4 });
    expect((await call('report.profit_and_loss', { start_date: '2026-01-01' })).json).toMatchObject({
      code: 'parameters_invalid',
    });
    expect(await result('report.profit_and_loss', { period: 'last_year' })).toMatchObject({
      start_date: `${new Date().getUTCFullYear() - 1}-01-01`,
    });
    const aged = await result('report.aged_receivables', {});
    expect(aged).toMatchObject({ days_over_90: 7200, days_1_30: 4320.5 });
    expect(listOf(aged, 'customers')[0]).toMatchObject({ customer: 'Hillside Roofing', customer_id: '1', days_1_30: 4200 });
  });
});

describe('a provider that says no', () => {
  it('is given the minute that it asks for', async () => {
    const own = await harness.office({ provider: 'quickbooks' });
    await harness.surroundings.sandbox.inject({ team: own.team, method: 'query', kind: 'status', status: 429 });
    const answer = await own.call('customer.list', {});
    expect(answer.json).toMatchObject({ code: 'provider_rate_limited' });
    expect(Number(answer.headers['retry-after'])).toBe(60);
  });

  it('is told when a company is disconnected', async () => {
    const own = await harness.office({ provider: 'quickbooks' });
    expect((await own.asPerson('DELETE', `/connections/${own.connectionId}`)).status).toBe(204);
    expect(await quickbooks().effects(own.team)).toMatchObject([{ method: 'oauth.revoke' }]);
  });
});
