import { Stripe } from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandboxClient } from '../client.ts';
import type { SandboxClient } from '../client.ts';
import { startSandbox } from '../server.ts';
import type { Sandbox } from '../server.ts';

/** Stripe's own client, unchanged, says what the sandbox gets wrong. */
const CLIENT = { clientId: 'ca_sdk', clientSecret: 'sk_test_platform' };
const REDIRECT_URI = 'http://127.0.0.1:4999/oauth/callback/stripe';

let sandbox: Sandbox;
let control: SandboxClient;
let account: string;
let token: string;
let stripe: Stripe;
beforeAll(async () => {
  // Time stands still, so that a second holds as many requests as are made.
  const startedAtMs = Date.now();
  sandbox = await startSandbox({ clients: { stripe: CLIENT }, root: 'stripe', now: () => startedAtMs });
  control = createSandboxClient(sandbox.url);
});
afterAll(() => sandbox.close());

const clientOf = (key: string, more: Partial<Stripe.StripeConfig> = {}) => {
  const { hostname, port } = new URL(sandbox.url);
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false, ...more });
};
const effects = async () => (await control.stripe.effects(account)).map(({ method }) => method);
const fault = (method: string, kind: object) => control.inject({ team: account, method, ...kind } as never);

beforeEach(async () => {
  account = await control.createAccount('stripe');
  const query = {
    client_id: CLIENT.clientId,
    response_type: 'code',
    scope: 'read_write',
    redirect_uri: REDIRECT_URI,
    state: 's',
  };
  const consent = `${sandbox.url}/stripe/oauth/authorize?${new URLSearchParams(query).toString()}`;
  const callback = new URL(await control.authorize(consent, { team: account }));
  const code = callback.searchParams.get('code') ?? '';
  const granted = await clientOf(CLIENT.clientSecret).oauth.token({ grant_type: 'authorization_code', code });
  token = granted.access_token ?? '';
  stripe = clientOf(token);
});

describe('the official client of Stripe', () => {
  it('acts for a connected account by its token, and by the platform’s key', async () => {
    expect((await stripe.accounts.retrieveCurrent()).id).toBe(account);
    const platform = clientOf(CLIENT.clientSecret);
    const customers = await platform.customers.list({ limit: 2 }, { stripeAccount: account });
    expect(customers).toMatchObject({ object: 'list', has_more: true, data: [{ id: 'cus_kyoto' }, { id: 'cus_twin2' }] });
    await platform.oauth.deauthorize({ client_id: CLIENT.clientId, stripe_user_id: account });
    await expect(stripe.customers.list()).rejects.toBeInstanceOf(Stripe.errors.StripePermissionError);
  });

  it('changes a code and a refresh token once, for the platform alone', async () => {
    const platform = clientOf(CLIENT.clientSecret);
    const held = (await control.tokens()).find((one) => one.team === account && one.kind === 'refresh');
    const refresh = { grant_type: 'refresh_token', refresh_token: held?.value ?? '' } as const;
    await expect(clientOf('sk_test_other').oauth.token(refresh)).rejects.toMatchObject({ statusCode: 401 });
    const granted = { stripe_user_id: account, scope: 'read_write', livemode: false, token_type: 'bearer' };
    expect(await platform.oauth.token(refresh)).toMatchObject(granted);
    await expect(platform.oauth.token(refresh)).rejects.toBeInstanceOf(Stripe.errors.StripeInvalidGrantError);
    const unknown = { grant_type: 'authorization_code', code: 'ac_unknown' } as const;
    await expect(platform.oauth.token(unknown)).rejects.toBeInstanceOf(Stripe.errors.StripeInvalidGrantError);
  });

  it('walks through all pages of a list by itself', async () => {
    for (let n = 0; n < 12; n += 1) await stripe.customers.create({ email: `n${n}@example.com`, metadata: { n: String(n) } });
    const seen: string[] = [];
    for await (const customer of stripe.customers.list({ limit: 5 })) seen.push(customer.id);
    expect([seen.length, new Set(seen).size]).toEqual([16, 16]);
    expect((await stripe.customers.list({ email: 'n3@example.com' })).data).toMatchObject([{ metadata: { n: '3' } }]);
    expect((await stripe.customers.list({ created: { gt: 4_000_000_000 } })).data).toEqual([]);
  });

  it('bills: a draft, its lines, the number, the mail', async () => {
    const draft = await stripe.invoices.create({
      customer: 'cus_hillside',
      collection_method: 'send_invoice',
      days_until_due: 14,
    });
    expect(draft).toMatchObject({ status: 'draft', customer_email: 'office@hillside.example', total: 0, number: null });
    const lines = Array.from({ length: 12 }, (_, n) => ({ amount: 1_000 + n, description: `Volume ${n}` }));
    const filled = await stripe.invoices.addLines(draft.id, { lines });
    expect(filled.total).toBe(12_066);
    expect([filled.lines.data.length, filled.lines.has_more]).toEqual([10, true]);
    expect((await stripe.invoices.listLineItems(draft.id, { limit: 100 })).data).toHaveLength(12);
    const open = await stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false });
    expect(open).toMatchObject({ status: 'open', number: expect.stringMatching(/^MILL-\d{4}$/) });
    await expect(stripe.invoices.finalizeInvoice(draft.id)).rejects.toMatchObject({ code: 'invoice_not_editable' });
    expect((await stripe.invoices.sendInvoice(draft.id)).hosted_invoice_url).toContain(draft.id);
    expect(await effects()).toEqual(['invoices.create', 'invoices.add_lines', 'invoices.finalize', 'invoices.send']);
    expect((await stripe.invoices.list({ status: 'open' })).data.map(({ id }) => id)).toEqual([draft.id]);
  });

  it('gives money back up to what was paid', async () => {
    const refund = await stripe.refunds.create({ charge: 'ch_rebinding', amount: 5_000, reason: 'duplicate' });
    expect(refund).toMatchObject({ amount: 5_000, currency: 'usd', charge: 'ch_rebinding', status: 'succeeded' });
    await expect(stripe.refunds.create({ charge: 'ch_rebinding', amount: 7_001 })).rejects.toMatchObject({ param: 'amount' });
    await stripe.refunds.create({ charge: 'ch_rebinding' });
    await expect(stripe.refunds.create({ charge: 'ch_rebinding' })).rejects.toMatchObject({ code: 'charge_already_refunded' });
    expect(await stripe.charges.retrieve('ch_rebinding')).toMatchObject({ amount_refunded: 12_000, refunded: true });
  });

  it('makes a payment link, and finds by an event which key its request had', async () => {
    const link = await stripe.paymentLinks.create(
      { line_items: [{ quantity: 2, price_data: { currency: 'jpy', unit_amount: 500, product_data: { name: 'Paper' } } }] },
      { idempotencyKey: 'key-of-ours' },
    );
    expect(link.url).toMatch(/^https:/);
    const [event] = (await stripe.events.list({ type: 'payment_link.created' })).data;
    expect(event).toMatchObject({ data: { object: { id: link.id } }, request: { idempotency_key: 'key-of-ours' } });
  });
});

describe('keys', () => {
  const create = (email: string, idempotencyKey: string) => stripe.customers.create({ email }, { idempotencyKey });

  it('answer again with what was answered, and make nothing', async () => {
    const first = await create('ada@example.com', 'k1');
    const again = await create('ada@example.com', 'k1');
    expect(again.id).toBe(first.id);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(again.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId);
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(await effects()).toEqual(['customers.create']);
  });

  it('are refused for other parameters', async () => {
    await create('ada@example.com', 'k1');
    await expect(create('eve@example.com', 'k1')).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
  });

  it('keep failures of an endpoint, and none of parameters that no endpoint was begun for', async () => {
    const refund = (charge: string, more: object = {}) => stripe.refunds.create({ charge, ...more }, { idempotencyKey: charge });
    await expect(refund('ch_declined')).rejects.toMatchObject({ code: 'charge_not_refundable' });
    await expect(refund('ch_declined')).rejects.toMatchObject({ headers: { 'idempotent-replayed': 'true' } });
    await expect(refund('ch_paper', { colour: 'red' })).rejects.toMatchObject({ code: 'parameter_unknown', param: 'colour' });
    expect(await refund('ch_paper')).toMatchObject({ amount: 500 });
  });

  it('are in use while their request is', async () => {
    const barrier = await control.barrier({ team: account, method: 'customers.create', after_effect: false });
    const first = create('ada@example.com', 'k1');
    await barrier.waitUntilHeld();
    await expect(create('ada@example.com', 'k1')).rejects.toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    await barrier.release();
    expect(await create('ada@example.com', 'k1')).toMatchObject({ id: (await first).id });
  });
});

describe('what goes wrong', () => {
  it('comes as the client’s own errors', async () => {
    await expect(clientOf('sk_test_nobody').customers.list()).rejects.toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    await expect(stripe.customers.retrieve('cus_nobody')).rejects.toMatchObject({ statusCode: 404, code: 'resource_missing' });
  });

  it('is a second with more than 25 requests in it', async () => {
    await control.enforceLimits(account);
    for (let n = 0; n < 25; n += 1) await stripe.customers.list();
    await expect(stripe.customers.list()).rejects.toBeInstanceOf(Stripe.errors.StripeRateLimitError);
  });

  it('is repeated by the client itself, with the key that it made, once', async () => {
    await fault('customers.create', { kind: 'reset', when: 'after' });
    const retrying = clientOf(token, { maxNetworkRetries: 2 });
    expect(await retrying.customers.create({ email: 'ada@example.com' })).toMatchObject({ email: 'ada@example.com' });
    expect(await effects()).toEqual(['customers.create']);
    expect((await control.requests(account)).filter(({ method }) => method === 'customers.create')).toHaveLength(2);
  });
});
