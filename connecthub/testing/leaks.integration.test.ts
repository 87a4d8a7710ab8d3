import { afterAll, beforeAll, expect, it } from 'vitest';
import { hubHarness, type HubHarness } from './harness.ts';

let harness: HubHarness;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());

it('no token of the provider stands in any answer, header, log line or table', async () => {
  const { sandbox } = harness.surroundings;
  const office = await harness.office();
  const token = (await sandbox.tokens()).find(({ team, kind }) => team === office.team && kind === 'access')?.value ?? '';
  // A provider that repeats a token: somebody pasted it into a channel.
  await sandbox.seedMessage(office.team, {
    channel: 'C0BILLING1',
    user: 'U0DANA0001',
    text: `our token is ${token}, keep it safe`,
  });
  const read = await office.call('slack.read', { channel: '#billing', limit: 1 });
  expect(read.json).toMatchObject({ result: { messages: [{ text: 'our token is [redacted], keep it safe' }] } });
  await office.call('slack.post', { channel: '#billing', text: `again: ${token}` });
  await office.call('slack.post', { channel: '#nowhere', text: 'refused' });
  await sandbox.expireTokens(office.team);
  await harness.owner.query('update hub.connections set token_expires_at = now()');
  await office.call('slack.users.find', { query: 'dana' });
  await sandbox.inject({ team: office.team, method: 'oauth.v2.access', kind: 'error', error: 'invalid_refresh_token' });
  await harness.owner.query('update hub.connections set token_expires_at = now()');
  await office.call('slack.users.find', { query: 'june' });
  for (const url of ['/connections', '/receipts', '/capabilities', '/health', '/openapi.json']) await office.asPerson('GET', url);
  await office.asPerson('DELETE', `/connections/${office.connectionId}`);

  const tokens = (await sandbox.tokens()).map(({ value }) => value);
  expect(tokens.length).toBeGreaterThanOrEqual(4);
  const { rows } = await harness.owner.query(
    `select row_to_json(t)::text as row from hub.connections t
     union all select row_to_json(t)::text from hub.audit t
     union all select row_to_json(t)::text from hub.call_keys t
     union all select row_to_json(t)::text from hub.receipts t
     union all select row_to_json(t)::text from hub.oauth_states t`,
  );
  const everything = [...harness.traces, ...rows.map(({ row }) => String(row))].join('\n');
  expect(everything.length).toBeGreaterThan(10_000);
  const secrets = [...tokens, harness.surroundings.env['SLACK_CLIENT_SECRET'] ?? ''];
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
});
