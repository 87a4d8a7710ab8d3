import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startAuth0, type Auth0Server } from '../../dev/auth0/server.ts';
import { toAnswer, type Answer } from '../testing/browser.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { HubCopy } from '../testing/hub-copy.ts';
import type { Office } from '../testing/office.ts';

const CONNECTION = 'google-oauth2';

let harness: HubHarness;
let auth0: Auth0Server;
/** Two copies with an application at Auth0. */
let copies: HubCopy[];
beforeAll(async () => {
  [harness, auth0] = await Promise.all([hubHarness(), startAuth0()]);
  const env = { AUTH0_URL: auth0.url, AUTH0_CLIENT_ID: auth0.client.id, AUTH0_CLIENT_SECRET: auth0.client.secret };
  copies = [await harness.copy(env), await harness.copy(env)];
}, 120_000);
afterAll(() => Promise.all([harness.close(), auth0.close()]));

let office: Office;
let accessToken: string;
let refreshToken: string;
beforeEach(async () => {
  office = await harness.office({ provider: 'gmail' });
  const issued = (await harness.surroundings.sandbox.tokens()).filter(({ team }) => team === office.team);
  accessToken = issued.find(({ kind }) => kind === 'access')?.value ?? '';
  refreshToken = auth0.connectAccount({ connection: CONNECTION, accessToken: () => accessToken, expiresInSeconds: 3_600 });
});

async function connect(changes: object = {}): Promise<Answer> {
  const admin = { user_id: `user_${office.orgId.slice(4, 12)}`, org_id: office.orgId, role: 'admin' };
  const token = await harness.surroundings.personToken(admin);
  const payload = { provider: 'gmail', connection: CONNECTION, refresh_token: refreshToken, ...changes };
  const headers = { authorization: `Bearer ${token}` };
  return toAnswer(await copies[0]!.app.inject({ method: 'POST', url: '/connections/auth0', headers, payload }));
}
const search = (hub = copies[0]!) => office.call('email.search', { query: 'anything', limit: 1 }, { hub });
const row = async () => {
  const columns = 'status, token_source, auth0_connection, access_token, refresh_token, token_version';
  const query = `select ${columns} from hub.connections where org_id = $1 and connection_id = $2`;
  return (await harness.owner.query(query, [office.orgId, office.connectionId])).rows[0];
};

describe('a connection by Auth0', () => {
  it('keeps nothing but the sealed refresh token, and calls do not know the difference', async () => {
    const connected = await connect();
    expect(connected).toMatchObject({ status: 201, json: { connection_id: office.connectionId, provider: 'gmail' } });
    expect(await row()).toMatchObject({
      status: 'active',
      token_source: 'auth0',
      auth0_connection: CONNECTION,
      access_token: null,
      refresh_token: expect.stringMatching(/^v1\./),
    });
    const before = auth0.given();
    for (const hub of [...copies, ...copies]) expect((await search(hub)).status).toBe(200);
    // One for each copy, in its memory.
    expect(auth0.given()).toBe(before + 2);
    const traces = harness.traces.join('\n');
    for (const secret of [refreshToken, accessToken, auth0.client.secret]) expect(traces).not.toContain(secret);
  });

  it('asks once for the many calls that need a token at the same time', async () => {
    await connect();
    const before = auth0.given();
    const answers = await Promise.all(Array.from({ length: 20 }, () => search()));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(auth0.given()).toBe(before + 1);
  });

  it.each([
    ['a refresh token that ended', () => auth0.revoke(refreshToken)],
    ['an account that the user took away', () => auth0.disconnectAccount(refreshToken, CONNECTION)],
  ])('needs its person after %s', async (_what, end) => {
    await connect();
    end();
    expect((await search()).json).toMatchObject({ code: 'connection_needs_reauth' });
    expect(await row()).toMatchObject({ status: 'needs_reauth' });
    refreshToken = auth0.connectAccount({ connection: CONNECTION, accessToken: () => accessToken, expiresInSeconds: 3_600 });
    expect((await connect()).json).toMatchObject({ connection_id: office.connectionId });
    expect((await search()).status).toBe(200);
  });

  it.each<[string, 'away' | number]>([
    ['is away', 'away'],
    ['has too much to do', 429],
    ['fails', 503],
  ])('is left as it is while Auth0 %s', async (_what, fault) => {
    await connect();
    auth0.next(fault);
    expect((await search()).json).toMatchObject({ code: 'provider_unavailable' });
    expect(await row()).toMatchObject({ status: 'active' });
    expect((await search(copies[1])).status).toBe(200);
  });

  it('forgets a token that the provider refuses, and asks for another', async () => {
    await connect();
    expect((await search()).status).toBe(200);
    const before = auth0.given();
    await copies[0]!.parts.tokens.refused(office.orgId, office.connectionId, (await row()).token_version, 'expired');
    expect((await search()).status).toBe(200);
    expect(auth0.given()).toBe(before + 1);
    expect(await row()).toMatchObject({ status: 'active' });
  });

  it('is the provider’s own again after a consent, and gone after it was disconnected', async () => {
    await connect();
    expect(await office.connect()).toBe(office.connectionId);
    expect(await row()).toMatchObject({ token_source: 'provider', auth0_connection: null });
    await connect();
    expect((await office.asPerson('DELETE', `/connections/${office.connectionId}`)).status).toBe(204);
    expect((await search()).json).toMatchObject({ code: 'connection_missing' });
    expect(await row()).toMatchObject({ status: 'disconnected', refresh_token: null });
  });
});

describe('connecting by Auth0 is refused', () => {
  it.each<[string, object, number, string]>([
    ['with a refresh token that Auth0 does not know', { refresh_token: 'v1.unknown' }, 400, 'invalid_grant'],
    ['with a connection that Auth0 does not know', { connection: 'nobody' }, 400, 'invalid_request'],
    ['for a provider that does not tell whose token it is', { provider: 'quickbooks' }, 400, 'QuickBooks'],
    ['with what is no token', { refresh_token: 'two words' }, 400, 'refresh_token'],
  ])('%s', async (_what, changes, status, word) => {
    const answer = await connect(changes);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.json)).toContain(word);
    expect(JSON.stringify(answer.json)).not.toContain(refreshToken);
    expect(await row()).toMatchObject({ token_source: 'provider', status: 'active' });
  });

  it('by an installation that has no application there, and by whoever may not connect', async () => {
    const body = { provider: 'gmail', connection: CONNECTION, refresh_token: refreshToken };
    expect((await office.asPerson('POST', '/connections/auth0', { body })).status).toBe(400);
    expect((await office.asPerson('POST', '/connections/auth0', { body, role: 'viewer', userId: 'user_viewer' })).status).toBe(
      403,
    );
  });

  it('with the wrong secret of the application: the account is not blamed', async () => {
    const env = { AUTH0_URL: auth0.url, AUTH0_CLIENT_ID: auth0.client.id, AUTH0_CLIENT_SECRET: 'wrong' };
    await connect();
    const wrong = await harness.copy(env);
    expect((await search(wrong)).json).toMatchObject({ code: 'provider_unavailable' });
    expect(await row()).toMatchObject({ status: 'active' });
  });
});
