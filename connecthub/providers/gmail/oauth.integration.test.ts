import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hubHarness, type HubHarness } from '../../testing/harness.ts';
import type { Office } from '../../testing/office.ts';
import { COMPOSE, MODIFY, READ, SEND } from './scopes.ts';

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office({ provider: 'gmail' });
});

const sandbox = () => harness.surroundings.sandbox;
const search = async () => (await office.call('email.search', { query: 'in:inbox' })).json;
const tokensOf = async (kind: 'access' | 'refresh') =>
  (await sandbox().tokens()).filter((token) => token.team === office.team && token.kind === kind);
const connection = async () => {
  const { json } = await office.asPerson('GET', '/connections');
  return (json['items'] as { status: string; scopes: string[]; account_id: string }[])[0];
};
const requestsOf = async (method: string) => (await sandbox().requests(office.team)).filter((one) => one.method === method);

describe('a connected mailbox', () => {
  it('is known by its address, with the scopes that were given', async () => {
    expect(await connection()).toMatchObject({ account_id: office.team, status: 'active' });
    expect((await connection())?.scopes).toEqual(expect.arrayContaining([READ, SEND, COMPOSE, MODIFY]));
    office = await harness.office({ provider: 'gmail', untick: [READ, COMPOSE, MODIFY] });
    const scopes = (await connection())?.scopes ?? [];
    expect(scopes).toContain(SEND);
    for (const unticked of [READ, COMPOSE, MODIFY]) expect(scopes).not.toContain(unticked);
  });

  it('is asked for what it is wanted for, and for more when more is wanted', async () => {
    const asked = async (query: string) => {
      const launched = await office.asPerson('GET', `/oauth/launch/gmail?${query}`);
      const url = new URL(String(launched.json['url']));
      const entered = await harness.hub.app.inject({ method: 'GET', url: url.pathname + url.search });
      return new URL(String(entered.headers['location'])).searchParams.get('scope')?.split(' ');
    };
    expect(await asked('capabilities=email.search,thread.read')).toEqual(['openid', 'email', READ]);
    expect(await asked('')).toEqual(['openid', 'email', READ, SEND, COMPOSE, MODIFY]);
    office = await harness.office({ provider: 'gmail', untick: [SEND, COMPOSE, MODIFY] });
    const refused = (await office.call('email.draft', { to: 'rosa@harbourcafe.example', subject: 'Hi', body: 'Hi' })).json;
    expect(refused).toMatchObject({ code: 'scope_missing', scopes: [COMPOSE] });
    const launch = new URL(String(refused['launch']), 'http://hub');
    expect(await asked(launch.search.slice(1))).toEqual(['openid', 'email', READ, COMPOSE]);
  });

  it('is connected for nothing unknown, and widened by nobody else', async () => {
    const launched = (query: string, from = office) => from.asPerson('GET', `/oauth/launch/gmail?${query}`);
    expect((await launched('capabilities=email.burn')).json).toMatchObject({ code: 'capability_unknown' });
    const other = await harness.office({ provider: 'gmail' });
    const widened = await launched(`capabilities=email.send&connection_id=${office.connectionId}`, other);
    expect([widened.status, widened.json]).toMatchObject([404, { code: 'not_found' }]);
  });

  it('goes on with the refresh token that it has: Google tells it once', async () => {
    for (let times = 0; times < 2; times += 1) {
      await sandbox().expireTokens(office.team);
      expect(await search()).toMatchObject({ code: 'provider_unavailable', provider_code: 'auth_error' });
      expect(await search()).toMatchObject({ status: 'succeeded' });
    }
    expect(await requestsOf('oauth.token')).toHaveLength(3);
    expect(await tokensOf('refresh')).toHaveLength(1);
  });

  it('needs a person again when the grant is gone', async () => {
    await sandbox().revokeTokens(office.team);
    await search();
    expect(await search()).toMatchObject({ code: 'connection_needs_reauth' });
    expect(await connection()).toMatchObject({ status: 'needs_reauth' });
    await office.connect();
    expect(await search()).toMatchObject({ status: 'succeeded' });
  });

  it('survives a token endpoint that is down', async () => {
    await sandbox().expireTokens(office.team);
    await sandbox().inject({ team: office.team, method: 'oauth.token', kind: 'status', status: 503 });
    await search();
    expect(await connection()).toMatchObject({ status: 'active' });
  });

  it('has its grant ended at Google when it is disconnected', async () => {
    expect((await office.asPerson('DELETE', `/connections/${office.connectionId}`)).status).toBe(204);
    expect(await requestsOf('oauth.revoke')).toMatchObject([{ status: 200 }]);
    for (const token of [...(await tokensOf('access')), ...(await tokensOf('refresh'))]) expect(token.state).toBe('revoked');
  });
});

describe('what Gmail says no with', () => {
  it.each([
    [{ kind: 'error', error: 'userRateLimitExceeded' }, 'provider_rate_limited', 'user_rate_limit_exceeded'],
    [{ kind: 'status', status: 429, retry_after: 7 }, 'provider_rate_limited', 'rate_limit_exceeded'],
    [{ kind: 'error', error: 'insufficientPermissions' }, 'scope_missing', 'insufficient_permissions'],
    [{ kind: 'error', error: 'invalidArgument' }, 'provider_refused', 'invalid_argument'],
    [{ kind: 'error', error: 'notFound' }, 'provider_refused', 'not_found'],
  ] as const)('%j reaches the caller as %s', async (fault, code, word) => {
    await sandbox().inject({ team: office.team, method: 'messages.send', ...fault });
    const mail = { to: 'rosa@harbourcafe.example', subject: 'Hi', body: 'Hi' };
    expect((await office.call('email.send', mail)).json).toMatchObject({ code, provider_code: word });
    expect(await sandbox().gmail.effects(office.team)).toEqual([]);
  });
});
