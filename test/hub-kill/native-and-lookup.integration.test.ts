import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BarrierHandle } from '../../dev/sandbox/client.ts';
import type { ProviderId } from '../../dev/sandbox/providers.ts';
import type { OneSkill } from '../faults/one-skill.ts';
import { openSite, type Site } from '../faults/site.ts';
import { startTestStack, type TestStack } from '../stack/test-stack.ts';

const INVOICE: OneSkill = {
  nodes: [
    {
      id: 'invoice',
      kind: 'capability',
      capability: 'quickbooks/invoice.create',
      parameters: { customer: 'Marsh & Sons', currency: 'USD', lines: [{ description: 'Rebinding', amount: 120 }] },
    },
  ],
  rule: { capability: 'quickbooks/*' },
};
const EMAIL: OneSkill = {
  nodes: [
    {
      id: 'send',
      kind: 'capability',
      capability: 'gmail/email.send',
      parameters: { to: 'office@marshandsons.example', subject: 'Your volumes', body: 'They are ready.' },
    },
  ],
  rule: { capability: 'gmail/*' },
};
const oneCall = (id: string, capability: string, parameters: Record<string, string | number>): OneSkill => ({
  nodes: [{ id, kind: 'capability', capability, parameters }],
  rule: { capability: `${capability.split('/')[0]}/*` },
});
const DRAFT = oneCall('draft', 'stripe/invoice.create', { customer: 'office@hillside.example', currency: 'USD' });
const ISSUE = oneCall('issue', 'github/issue.create', { repository: 'millrace/press', title: 'Belt slips', body: 'Often.' });
const EVENT = oneCall('event', 'calendar/event.create', {
  title: 'Review',
  start: '2026-12-01T10:00:00Z',
  end: '2026-12-01T11:00:00Z',
});

interface Held {
  site: Site;
  runId: string;
  barrier: BarrierHandle;
}

let world: TestStack;
let invoice: Held;
let email: Held;
let draft: Held;
let issue: Held;
let event: Held;

/** A run whose one effect is made, with its answer on the way. */
async function hold(provider: ProviderId, method: string, skill: OneSkill): Promise<Held> {
  const site = await openSite(world, { provider });
  const barrier = await world.sandbox.barrier({ team: site.team, method });
  const runId = await site.start(skill);
  await barrier.waitUntilHeld();
  return { site, runId, barrier };
}

beforeAll(async () => {
  world = await startTestStack();
  [invoice, email, draft, issue, event] = await Promise.all([
    hold('quickbooks', 'invoice.create', INVOICE),
    hold('gmail', 'messages.send', EMAIL),
    hold('stripe', 'invoices.create', DRAFT),
    hold('github', 'issues.create', ISSUE),
    hold('calendar', 'events.insert', EVENT),
  ]);
  const all = [invoice, email, draft, issue, event];
  const { connecthub } = world.stack.processes;
  connecthub.kill('SIGKILL');
  await connecthub.waitForExit();
  await Promise.all(all.map(({ site, runId }) => site.untilWaitingOn(runId, 'connecthub')));
  await Promise.all(all.map(({ barrier }) => barrier.release('drop')));
  await connecthub.restart();
});
afterAll(() => world.close());

const ledger = async (site: Site) =>
  (await site.query('select state, idempotency, native_key from hub.call_keys where org_id = $1'))[0];

describe('ConnectHub killed with SIGKILL between effect and answer', () => {
  it('native: QuickBooks answers the same request id with the same invoice, which stands once', async () => {
    const { site, runId } = invoice;
    expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
    const row = await ledger(site);
    expect(row).toMatchObject({ state: 'succeeded', idempotency: 'native' });
    const effects = await world.sandbox.quickbooks.effects(site.team);
    expect(effects).toMatchObject([{ method: 'invoice.create', native_key: row?.['native_key'] }]);
    expect((await site.run(runId)).result?.result).toMatchObject({ work: { invoice: { id: effects[0]?.id } } });
    const sent = await site.requests('invoice.create');
    expect(sent.map(({ args }) => args['requestid'])).toEqual([row?.['native_key'], row?.['native_key']]);
  });

  it('lookup: the email is found by its Message-ID, and is sent once', async () => {
    const { site, runId } = email;
    expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
    expect(await ledger(site)).toMatchObject({ state: 'succeeded', idempotency: 'lookup' });
    const [mail, ...others] = await world.sandbox.gmail.effects(site.team);
    expect(others).toEqual([]);
    expect((await site.run(runId)).result?.result).toMatchObject({ work: { send: { id: mail?.id } } });
    expect(await site.requests('messages.send')).toHaveLength(1);
  });

  it('native: Stripe answers the same idempotency key with the same draft, which stands once', async () => {
    const { site, runId } = draft;
    expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
    const row = await ledger(site);
    expect(row).toMatchObject({ state: 'succeeded', idempotency: 'native' });
    const effects = await world.sandbox.stripe.effects(site.team);
    expect(effects).toMatchObject([{ method: 'invoices.create', native_key: row?.['native_key'] }]);
    expect((await site.run(runId)).result?.result).toMatchObject({ work: { draft: { id: effects[0]?.id } } });
    const sent = await site.requests('invoices.create');
    expect(sent.map(({ args }) => args['idempotency_key'])).toEqual([row?.['native_key'], row?.['native_key']]);
  });

  it('lookup: the issue is found by the comment at its end, and is opened once', async () => {
    const { site, runId } = issue;
    expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
    expect(await ledger(site)).toMatchObject({ state: 'succeeded', idempotency: 'lookup' });
    expect(await world.sandbox.github.effects(site.team)).toHaveLength(1);
    expect((await site.run(runId)).result?.result).toMatchObject({ work: { issue: { number: 5 } } });
    expect(await site.requests('issues.create')).toHaveLength(1);
  });

  it('lookup: the event is found by its id, and is made once', async () => {
    const { site, runId } = event;
    expect(await site.untilEnded(runId)).toMatchObject({ status: 'completed' });
    expect(await ledger(site)).toMatchObject({ state: 'succeeded', idempotency: 'lookup' });
    const [made, ...others] = await world.sandbox.calendar.effects(site.team);
    expect(others).toEqual([]);
    expect((await site.run(runId)).result?.result).toMatchObject({ work: { event: { id: made?.id } } });
    expect(await site.requests('events.insert')).toHaveLength(1);
  });
});
