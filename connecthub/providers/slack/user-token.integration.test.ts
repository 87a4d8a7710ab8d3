import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createBrowser } from '../../testing/browser.ts';
import { hubHarness, type HubHarness } from '../../testing/harness.ts';
import type { Office } from '../../testing/office.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
  const { sandbox } = harness.surroundings;
  await sandbox.seedMessage(office.team, { channel: 'C0BILLING1', user: 'U0DANA0001', text: 'The glue is late again.' });
});

const search = () => office.call('slack.search', { query: 'glue is late', limit: 5 });
const userRow = async () =>
  (
    await harness.owner.query(
      `select connection_id, account_id, scopes, status, token_version from hub.connections where org_id = $1 and token_kind = 'user'`,
      [office.orgId],
    )
  ).rows[0];
const letUserTokenEnd = () =>
  harness.owner.query(
    `update hub.connections set token_expires_at = now(), token_refresh_at = now() where org_id = $1 and token_kind = 'user'`,
    [office.orgId],
  );

it('a search is made with the token of the person who connected the workspace', async () => {
  expect((await search()).json).toMatchObject({
    status: 'succeeded',
    result: {
      total: 1,
      messages: [{ channel: 'C0BILLING1', channel_name: 'billing', user: 'U0DANA0001', text: 'The glue is late again.' }],
    },
  });
  expect(await userRow()).toMatchObject({
    connection_id: `${office.connectionId}~user`,
    account_id: `${office.team}/U0PIOTR001`,
    scopes: ['search:read'],
  });
  const { json } = await office.asPerson('GET', '/connections');
  expect(json['items']).toHaveLength(1);
});

it('that token is rotated apart from the one of the bot', async () => {
  for (const version of [2, 3]) {
    await letUserTokenEnd();
    expect((await search()).status).toBe(200);
    expect(await userRow()).toMatchObject({ token_version: version });
  }
  expect((await office.call('slack.channels.list', {})).status).toBe(200);
  const { rows } = await harness.owner.query('select token_version from hub.connections where connection_id = $1', [
    office.connectionId,
  ]);
  expect(rows).toEqual([{ token_version: 2 }]);
});

it('its end ends nothing else, until the person connects again', async () => {
  await letUserTokenEnd();
  const { sandbox } = harness.surroundings;
  await sandbox.inject({ team: office.team, method: 'oauth.v2.access', kind: 'error', error: 'invalid_refresh_token' });
  expect((await search()).json).toMatchObject({ code: 'connection_needs_reauth' });
  expect((await office.call('slack.post', { channel: '#billing', text: 'Hello' })).status).toBe(200);
  expect((await office.asPerson('GET', '/connections')).json).toMatchObject({ items: [{ status: 'active' }] });
  expect(await office.connect()).toBe(office.connectionId);
  expect((await search()).status).toBe(200);
});

it('is asked for where it was not given, besides what the connection has', async () => {
  await harness.owner.query(`delete from hub.connections where org_id = $1 and token_kind = 'user'`, [office.orgId]);
  const refused = (await search()).json;
  expect(refused).toMatchObject({ code: 'scope_missing', scopes: ['search:read'] });
  const launched = await office.asPerson('GET', String(refused['launch']));
  const browser = createBrowser(harness.hub.app, harness.surroundings.sandbox);
  const entered = await browser.open(String(launched.json['url']));
  const asked = new URL(String(entered.headers['location'])).searchParams;
  expect(asked.get('user_scope')).toBe('search:read');
  expect(asked.get('scope')?.split(',')).toContain('chat:write');
  const callback = await harness.surroundings.sandbox.authorize(String(entered.headers['location']), { team: office.team });
  expect((await browser.open(callback)).json).toMatchObject({ connection_id: office.connectionId });
  expect((await search()).status).toBe(200);
});

it('no bot can search, and nobody is asked for a person’s token who wants to post only', async () => {
  const launched = await office.asPerson('GET', '/oauth/launch/slack?capabilities=slack.post');
  const entered = await createBrowser(harness.hub.app, harness.surroundings.sandbox).open(String(launched.json['url']));
  expect(new URL(String(entered.headers['location'])).searchParams.has('user_scope')).toBe(false);
});
