import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hookHarness, type HookHarness } from '../testing/hooks.ts';
import type { Office } from '../testing/office.ts';

let h: HookHarness;
let slack: Office;
let stripe: Office;
let quickbooks: Office;
let github: Office;
beforeAll(async () => {
  h = await hookHarness();
  slack = await h.office();
  stripe = await h.office({ provider: 'stripe' });
  quickbooks = await h.office({ provider: 'quickbooks' });
  github = await h.office({ provider: 'github' });
  await github.asPerson('PUT', `/connections/${github.connectionId}/receiving`, { body: { receiving: true } });
  await h.renew();
}, 120_000);
afterAll(() => h.close());

const secretOf = (name: string) => h.surroundings.env[name] ?? '';
const mac = (secret: string, text: string) => createHmac('sha256', secret).update(text);
const nowS = () => Math.floor(Date.now() / 1_000);

interface Told {
  office: Office;
  path: string;
  body: string;
  headers: { [name: string]: string };
}

/** One event of each provider, under that id; `at` where a time is signed. */
const TOLD: { [provider: string]: (id: string, at?: number) => Told } = {
  slack: (id, at = nowS()) => {
    const event = { type: 'message', user: 'U1', channel: 'C1', text: 'hello', ts: '1.1' };
    const body = JSON.stringify({
      type: 'event_callback',
      event_id: id,
      event_time: nowS(),
      team_id: slack.team,
      api_app_id: 'A1',
      event,
    });
    const signature = `v0=${mac(secretOf('SLACK_SIGNING_SECRET'), `v0:${at}:${body}`).digest('hex')}`;
    return {
      office: slack,
      path: 'slack',
      body,
      headers: { 'x-slack-request-timestamp': String(at), 'x-slack-signature': signature },
    };
  },
  stripe: (id, at = nowS()) => {
    const body = JSON.stringify({
      id,
      object: 'event',
      account: stripe.team,
      type: 'invoice.paid',
      created: nowS() - 5,
      livemode: false,
      data: { object: { object: 'invoice', id: 'in_1' } },
    });
    const v1 = mac(secretOf('STRIPE_WEBHOOK_SECRET'), `${at}.${body}`).digest('hex');
    return { office: stripe, path: 'stripe', body, headers: { 'stripe-signature': `t=${at},v1=${v1}` } };
  },
  quickbooks: (id) => {
    const about = { intuitentityid: '1', intuitaccountid: quickbooks.team, specversion: '1.0' };
    const body = JSON.stringify([{ id, type: 'qbo.invoice.created.v1', time: new Date().toISOString(), ...about }]);
    const signature = mac(secretOf('QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN'), body).digest('base64');
    return { office: quickbooks, path: 'quickbooks', body, headers: { 'intuit-signature': signature } };
  },
  github: (id) => {
    const repository = { id: Number(github.team) * 10, full_name: 'a/b' };
    const issue = { number: 1, title: id, updated_at: new Date().toISOString() };
    const body = JSON.stringify({ action: 'opened', repository, issue, sender: { id: 1, login: 'ines' } });
    const signature = `sha256=${mac(secretOf('GITHUB_WEBHOOK_SECRET'), body).digest('hex')}`;
    const headers = { 'x-github-event': 'issues', 'x-github-delivery': id, 'x-hub-signature-256': signature };
    return { office: github, path: 'github', body, headers };
  },
};
const PROVIDERS = Object.keys(TOLD);

const send = async ({ path, body, headers }: Omit<Told, 'office'>, copy: 0 | 1 = 0) =>
  fetch(`${h.addresses[copy]}/${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
const statusOf = async (told: Omit<Told, 'office'>, copy: 0 | 1 = 0) => (await send(told, copy)).status;

describe.each(PROVIDERS)('%s', (provider) => {
  it('tells the same fifty times at once, at two copies: one event, one trigger', async () => {
    const told = TOLD[provider]!(randomUUID());
    const before = (await h.events(told.office.orgId)).length;
    const statuses = await Promise.all(Array.from({ length: 50 }, (_, n) => statusOf(told, n % 2 === 0 ? 0 : 1)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await h.events(told.office.orgId)).toHaveLength(before + 1);
    await Promise.all([h.forward(0), h.forward(1)]);
    expect(h.agentCore.of(told.office.orgId)).toHaveLength(before + 1);
  });

  it('is not believed where the body was changed or the headers are missing, and nothing is stored', async () => {
    const told = TOLD[provider]!(randomUUID());
    const before = await h.events(told.office.orgId);
    const refused = await send({ ...told, body: told.body.replace('{', '{ ') });
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'unauthenticated' }]);
    expect(await statusOf({ ...told, headers: {} })).toBe(401);
    expect(await statusOf({ ...told, body: '' })).toBe(401);
    expect(await h.events(told.office.orgId)).toEqual(before);
  });
});

it.each(['slack', 'stripe'])('%s tells again with a new time and the same id: no second event', async (provider) => {
  const id = randomUUID();
  const { office } = TOLD[provider]!(id);
  const before = (await h.events(office.orgId)).length;
  for (const at of [nowS() - 200, nowS() - 100, nowS()]) expect(await statusOf(TOLD[provider]!(id, at))).toBe(200);
  expect(await h.events(office.orgId)).toHaveLength(before + 1);
  expect(await statusOf(TOLD[provider]!(randomUUID(), nowS() - 301))).toBe(401);
  expect(await statusOf(TOLD[provider]!(randomUUID(), nowS() + 302))).toBe(401);
});

it('what could have been forgotten is not taken: a signed body of long ago', async () => {
  const about = { id: randomUUID(), intuitentityid: '1', intuitaccountid: quickbooks.team, type: 'qbo.invoice.created.v1' };
  const body = JSON.stringify([{ ...about, time: new Date(Date.now() - 30 * 86_400_000).toISOString() }]);
  const signature = mac(secretOf('QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN'), body).digest('base64');
  const before = await h.events(quickbooks.orgId);
  expect(await statusOf({ path: 'quickbooks', body, headers: { 'intuit-signature': signature } })).toBe(200);
  expect(await h.events(quickbooks.orgId)).toEqual(before);
});

it('a push to Gmail without a token is refused, and so is one with a token of nobody', async () => {
  const body = JSON.stringify({
    message: { data: Buffer.from('{"emailAddress":"a@b.example","historyId":"1"}').toString('base64') },
  });
  expect(await statusOf({ path: 'gmail', body, headers: {} })).toBe(401);
  const [header, claims] = [{ alg: 'RS256', kid: 'k', typ: 'JWT' }, {}].map((one) =>
    Buffer.from(JSON.stringify(one)).toString('base64url'),
  );
  expect(await statusOf({ path: 'gmail', body, headers: { authorization: `Bearer ${header}.${claims}.c2ln` } })).toBe(401);
});

it('nobody is listened to who is not set up, or is nobody', async () => {
  const bare = await h.copy({
    SLACK_SIGNING_SECRET: '',
    GMAIL_PUSH_AUDIENCE: '',
    GMAIL_PUSH_SERVICE_ACCOUNT: '',
    GMAIL_PUSH_TOPIC: '',
  });
  const told = TOLD['slack']!(randomUUID());
  const at = String(nowS());
  const signedWithNothing = `v0=${mac('', `v0:${at}:${told.body}`).digest('hex')}`;
  const tries = [told.headers, { 'x-slack-request-timestamp': at, 'x-slack-signature': signedWithNothing }, {}];
  for (const headers of tries) {
    const answer = await bare.app.inject({ method: 'POST', url: '/hooks/slack', headers, payload: told.body });
    expect([answer.statusCode, answer.json()]).toMatchObject([404, { code: 'not_found' }]);
  }
  for (const path of ['calendar', 'nobody', 'toString', '__proto__']) expect(await statusOf({ ...told, path })).toBe(404);
  expect((await bare.app.inject({ method: 'POST', url: '/hooks/gmail', payload: '{}' })).statusCode).toBe(404);
});

it('what is too large is refused before it is read, what is signed and no JSON with 400, what nobody knows is acknowledged', async () => {
  const signed = (body: string): Omit<Told, 'office'> => {
    const at = String(nowS());
    const signature = `v0=${mac(secretOf('SLACK_SIGNING_SECRET'), `v0:${at}:${body}`).digest('hex')}`;
    return { path: 'slack', body, headers: { 'x-slack-request-timestamp': at, 'x-slack-signature': signature } };
  };
  expect(await statusOf(signed('x'.repeat(1024 * 1024 + 1)))).toBe(413);
  expect(await statusOf(signed('{"type":'))).toBe(400);
  expect(await statusOf(signed(`${'['.repeat(300_000)}${']'.repeat(300_000)}`))).toBe(200);
  expect(await statusOf(signed('{"type":"something_new","__proto__":{"x":1}}'))).toBe(200);
  expect(await statusOf(signed('null'))).toBe(200);
});

it('text that no database can hold, and tokens that somebody pasted, are stored without them', async () => {
  const event = { type: 'message', user: 'U1', channel: 'C1', ts: '1.1' };
  const text = `a\u0000b \ud800 xoxb-1234567890-abcdefghij ${'x'.repeat(20_000)}`;
  const body = JSON.stringify({
    type: 'event_callback',
    event_id: randomUUID(),
    event_time: nowS(),
    team_id: slack.team,
    api_app_id: 'A1',
    event: { ...event, text },
  });
  const at = String(nowS());
  const signature = `v0=${mac(secretOf('SLACK_SIGNING_SECRET'), `v0:${at}:${body}`).digest('hex')}`;
  expect(
    await statusOf({ path: 'slack', body, headers: { 'x-slack-request-timestamp': at, 'x-slack-signature': signature } }),
  ).toBe(200);
  await h.forward();
  const told = h.agentCore.of(slack.orgId).at(-1);
  expect(told?.text).toMatch(/^a\uFFFDb \uFFFD \[redacted\] x+…$/);
  h.agentCore.assertNothingWrong();
});
