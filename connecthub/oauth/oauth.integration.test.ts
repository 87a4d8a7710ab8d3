import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser, type Browser } from '../testing/browser.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

let harness: HubHarness;
let office: Office;
let browser: Browser;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
  browser = newBrowser();
});

const newBrowser = () => createBrowser(harness.hub.app, harness.surroundings.sandbox);
const launch = async (from = office) => String((await from.asPerson('GET', '/oauth/launch/slack')).json['url']);
const exchanges = async (team: string) =>
  (await harness.surroundings.sandbox.requests(team)).filter(({ method }) => method === 'oauth.v2.access').length;

describe('connecting an account', () => {
  it('keeps the connection id when the same account is connected again', async () => {
    const again = await browser.consent(await launch(), { team: office.team });
    expect(again.json).toMatchObject({ connection_id: office.connectionId, provider: 'slack', account_name: 'Millrace Bindery' });
  });

  it('shows people a page that loads nothing from elsewhere, and programs JSON', async () => {
    const callback = await browser.untilCallback(await launch(), { team: office.team });
    const page = await browser.open(callback, 'text/html,application/xhtml+xml');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Slack is connected');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  it('sends the provider exactly its registered address, and our scopes', async () => {
    const entered = await browser.open(await launch());
    const to = new URL(String(entered.headers['location']));
    expect(to.searchParams.get('redirect_uri')).toBe('http://127.0.0.1:8081/oauth/callback/slack');
    expect(to.searchParams.get('scope')?.split(',')).toContain('chat:write');
    expect(String(entered.headers['set-cookie'])).toMatch(/HttpOnly.*SameSite=Lax/);
  });

  it('ends as a clear problem when the person declines', async () => {
    const answer = await browser.consent(await launch(), { team: office.team, deny: true });
    expect(answer.json).toMatchObject({ code: 'oauth_failed', provider_code: 'access_denied', status: 400 });
  });

  it('ends as a clear problem, and as a page for people, when the provider refuses the code', async () => {
    const callback = new URL(await browser.untilCallback(await launch(), { team: office.team }));
    callback.searchParams.set('code', 'wrong');
    const answer = await browser.open(callback.href, 'text/html');
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('invalid_code');
  });

  it('is possible for two flows of one browser at a time', async () => {
    const first = await browser.untilCallback(await launch(), { team: office.team });
    const second = await browser.untilCallback(await launch(), { team: office.team });
    expect((await browser.open(second)).status).toBe(200);
    expect((await browser.open(first)).status).toBe(200);
  });
});

describe('a launch address', () => {
  it('clears away attempts that are long over', async () => {
    await harness.owner.query(`update hub.oauth_states set expires_at = now() - interval '2 days' where org_id = $1`, [
      office.orgId,
    ]);
    await launch();
    const { rows } = await harness.owner.query('select 1 from hub.oauth_states where org_id = $1', [office.orgId]);
    expect(rows).toHaveLength(1);
  });

  it('works once, even when twenty open it at a time', async () => {
    const url = await launch();
    const answers = await Promise.all(Array.from({ length: 20 }, () => newBrowser().open(url)));
    expect(answers.filter(({ status }) => status === 302)).toHaveLength(1);
    expect(answers.filter(({ json }) => json['code'] === 'oauth_state_invalid')).toHaveLength(19);
  });

  it('is refused after a minute and for another code', async () => {
    const url = await launch();
    await harness.owner.query(
      `update hub.oauth_states set expires_at = now() - interval '1 second' where org_id = $1 and launched_at is null`,
      [office.orgId],
    );
    expect((await browser.open(url)).json).toMatchObject({ code: 'oauth_state_invalid' });
    expect((await browser.open('http://hub/oauth/launch/slack?code=guess')).json).toMatchObject({ code: 'oauth_state_invalid' });
  });

  it('is given to those who may connect accounts, for providers that exist', async () => {
    const url = '/oauth/launch/slack';
    expect((await office.asPerson('GET', url, { role: 'builder', userId: 'user_builder' })).status).toBe(403);
    expect((await harness.hub.app.inject({ url })).statusCode).toBe(401);
    expect((await harness.hub.app.inject({ url, headers: { authorization: `Bearer ${office.agentToken}` } })).statusCode).toBe(
      401,
    );
    expect((await office.asPerson('GET', '/oauth/launch/jira')).status).toBe(404);
    expect((await office.asPerson('GET', `${url}?return_to=https://evil.example`)).json).toMatchObject({
      code: 'invalid_request',
    });
  });
});

describe('row 23: a state', () => {
  const expectNothing = async (callback: string, opened: Browser) => {
    const before = await exchanges(office.team);
    expect((await opened.open(callback)).json).toMatchObject({ code: 'oauth_state_invalid', status: 400 });
    expect(await exchanges(office.team)).toBe(before);
  };

  it('is worth nothing in another browser, or without the cookie', async () => {
    const callback = await browser.untilCallback(await launch(), { team: office.team });
    await expectNothing(callback, newBrowser());
    const other = newBrowser();
    await other.untilCallback(await launch(), { team: office.team });
    await expectNothing(callback, other);
    expect((await browser.open(callback)).status).toBe(200);
  });

  it('is worth nothing a second time, even when twenty use it at a time', async () => {
    const callback = await browser.untilCallback(await launch(), { team: office.team });
    const before = await exchanges(office.team);
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.open(callback)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await exchanges(office.team)).toBe(before + 1);
    await expectNothing(callback, browser);
  });

  it('is worth nothing after ten minutes', async () => {
    const callback = await browser.untilCallback(await launch(), { team: office.team });
    await harness.owner.query(`update hub.oauth_states set expires_at = now() - interval '1 second' where org_id = $1`, [
      office.orgId,
    ]);
    await expectNothing(callback, browser);
  });

  it('connects the account to the organisation that began, whoever is signed in elsewhere', async () => {
    const other = await harness.office();
    const callback = await browser.untilCallback(await launch(other), { team: office.team });
    const connected = await browser.open(callback);
    const { rows } = await harness.owner.query('select org_id from hub.connections where connection_id = $1', [
      connected.json['connection_id'],
    ]);
    expect(rows).toEqual([{ org_id: other.orgId }]);
  });

  it('is worth nothing when it is made up or missing', async () => {
    await browser.open(await launch());
    for (const state of ['', 'x', 'A'.repeat(43)])
      await expectNothing(`http://hub/oauth/callback/slack?code=c&state=${state}`, browser);
  });

  it('is worth nothing for a person who lost the right meanwhile', async () => {
    const callback = await browser.untilCallback(await launch(), { team: office.team });
    await harness.owner.query(`update authz.memberships set permissions = '{}' where org_id = $1`, [office.orgId]);
    expect((await browser.open(callback)).json).toMatchObject({ code: 'forbidden' });
  });
});
