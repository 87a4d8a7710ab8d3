import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hookHarness, type HookHarness } from '../testing/hooks.ts';
import type { Office } from '../testing/office.ts';

let h: HookHarness;
beforeAll(async () => {
  h = await hookHarness();
}, 120_000);
afterAll(() => h.close());
afterEach(() => h.agentCore.assertNothingWrong());

describe('QuickBooks', () => {
  it.each(['cloudevents', 'notifications'])(
    'tells of several companies in one delivery, each its own organisation (%s)',
    async (format) => {
      const [one, other] = [await h.office({ provider: 'quickbooks' }), await h.office({ provider: 'quickbooks' })];
      const stranger = await h.surroundings.sandbox.createAccount('quickbooks');
      const change = (realm: string, entity: string, id: string, operation: string) => ({ realm, entity, id, operation });
      const changes = [
        change(one.team, 'Invoice', '130', 'Create'),
        change(other.team, 'Customer', '9', 'Update'),
        change(stranger, 'Invoice', '1', 'Create'),
        change(one.team, 'Payment', '77', 'Void'),
      ];
      expect(await h.deliver('quickbooks', { format, changes })).toEqual([200]);
      await h.forward();
      expect(h.agentCore.of(one.orgId)).toMatchObject([
        {
          type: 'quickbooks.invoice.created',
          connection_id: one.connectionId,
          payload: { entity_id: '130', realm_id: one.team },
        },
        { type: 'quickbooks.payment.voided', payload: { entity: 'payment', entity_id: '77' } },
      ]);
      expect(h.agentCore.of(other.orgId)).toMatchObject([{ type: 'quickbooks.customer.updated', payload: { entity_id: '9' } }]);
      expect(await h.events(one.orgId)).toHaveLength(2);
    },
  );
});

it('a delivery of QuickBooks as large as any is stored whole, and once', async () => {
  const office = await h.office({ provider: 'quickbooks' });
  const changes = Array.from({ length: 4_000 }, (_, n) => ({
    realm: office.team,
    entity: 'Item',
    id: String(n),
    operation: 'Update',
  }));
  expect(await h.deliver('quickbooks', { format: 'notifications', changes })).toEqual([200]);
  const ids = (await h.events(office.orgId)).map(({ external_id: id }) => id.split(':')[2]);
  expect(ids).toEqual(changes.map(({ id }) => id));
  await h.owner.query('update hub.webhook_events set sent_at = now() where org_id = $1', [office.orgId]);
});

describe('Stripe', () => {
  it('tells of connected accounts, and of an object what is declared', async () => {
    const office = await h.office({ provider: 'stripe' });
    const object = {
      object: 'invoice',
      id: 'in_1',
      status: 'paid',
      amount_paid: 12_50,
      currency: 'eur',
      customer: { id: 'cus_1' },
    };
    const secret = { client_secret: 'in_1_secret_of_somebody', payment_settings: { card: '4242' } };
    await h.deliver('stripe', { account: office.team, type: 'invoice.paid', object: { ...object, ...secret } });
    await h.forward();
    const [told] = h.agentCore.of(office.orgId);
    expect(told).toMatchObject({ type: 'stripe.invoice.paid', external_id: expect.stringMatching(/^evt_/) });
    expect(told?.payload).toEqual({ event: 'invoice.paid', livemode: false, object: { ...object, customer: 'cus_1' } });
  });
});

describe('GitHub', () => {
  let office: Office;
  let repository: number;
  beforeAll(async () => {
    office = await h.office({ provider: 'github' });
    repository = Number(office.team) * 10;
    await office.asPerson('PUT', `/connections/${office.connectionId}/receiving`, { body: { receiving: true } });
    await h.renew();
  });
  const issue = (more: object = {}) => ({
    number: 3,
    title: 'It is broken',
    body: 'Since Monday.',
    updated_at: new Date().toISOString(),
    ...more,
  });
  const opened = (more: object = {}) => ({
    name: 'issues',
    payload: {
      action: 'opened',
      sender: { id: 1, login: 'ines' },
      repository: { id: repository, full_name: 'a/b' },
      issue: issue(),
      ...more,
    },
  });

  it('tells of repositories that the connected person sees', async () => {
    expect(await h.deliver('github', opened())).toEqual([200]);
    expect(await h.deliver('github', opened({ repository: { id: 1, full_name: 'c/d' }, issue: issue({ number: 4 }) }))).toEqual([
      200,
    ]);
    await h.forward();
    expect(h.agentCore.of(office.orgId)).toMatchObject([
      { type: 'github.issues.opened', text: 'Since Monday.', payload: { repository: 'a/b', user: 'ines', issue: { number: 3 } } },
    ]);
  });

  it('tells nothing of what was written through us', async () => {
    const before = await h.events(office.orgId);
    const clientId = h.surroundings.env['GITHUB_CLIENT_ID'];
    const ours = issue({ number: 5, performed_via_github_app: { client_id: clientId } });
    await h.deliver('github', opened({ issue: ours }));
    await h.deliver('github', opened({ action: 'labeled', issue: ours }));
    await h.forward();
    expect((await h.events(office.orgId)).slice(before.length)).toMatchObject([{ type: 'github.issues.labeled' }]);
  });

  it('is the same event under another id that nobody signed', async () => {
    const before = await h.events(office.orgId);
    const event = opened({ issue: issue({ number: 6 }) });
    for (let n = 0; n < 3; n += 1) await h.deliver('github', { ...event, delivery: randomUUID() });
    expect(await h.events(office.orgId)).toHaveLength(before.length + 1);
  });

  it('is no longer listened to when nobody wants it', async () => {
    const before = await h.events(office.orgId);
    const path = `/connections/${office.connectionId}/receiving`;
    expect((await office.asPerson('PUT', path, { body: { receiving: false } })).json).toMatchObject({ receiving: false });
    await h.deliver('github', opened({ issue: issue({ number: 7 }) }));
    expect(await h.events(office.orgId)).toEqual(before);
  });
});
