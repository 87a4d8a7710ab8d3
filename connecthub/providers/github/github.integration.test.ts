import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../contracts/json.ts';
import { hubHarness, type HubHarness } from '../../testing/harness.ts';
import type { Office } from '../../testing/office.ts';

const PRESS = { repository: 'millrace/press' };

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
  office = await harness.office({ provider: 'github' });
}, 120_000);
afterAll(() => harness.close());

const sandbox = () => harness.surroundings.sandbox;
const result = async (capability: string, parameters: JsonObject): Promise<Record<string, unknown>> => {
  const answer = await office.call(capability, parameters);
  expect(answer.json).toMatchObject({ status: 'succeeded' });
  return Object(answer.json['result']);
};
const refusal = async (capability: string, parameters: JsonObject) => (await office.call(capability, parameters)).json;
const effects = () => sandbox().github.effects(office.team);
const requestsOf = async (team: string, method: string) =>
  (await sandbox().requests(team)).filter((request) => request.method === method);

describe('connecting a person', () => {
  it('knows them by their number, and shows their name', async () => {
    const { json } = await office.asPerson('GET', '/connections');
    expect(json['items']).toMatchObject([{ account_id: office.team, account_name: `dana-${office.team}`, scopes: [] }]);
  });

  it('goes on with the newest tokens, each of which is good for one refresh', async () => {
    const own = await harness.office({ provider: 'github' });
    for (let times = 0; times < 2; times += 1) {
      await sandbox().expireTokens(own.team);
      expect((await own.call('repository.list', {})).json).toMatchObject({ provider_code: 'bad_credentials' });
      expect((await own.call('repository.list', {})).status).toBe(200);
    }
    expect(await requestsOf(own.team, 'oauth.token')).toHaveLength(3);
    await sandbox().revokeTokens(own.team);
    await own.call('repository.list', {});
    expect((await own.call('repository.list', {})).json).toMatchObject({ code: 'connection_needs_reauth' });
  });

  it('survives a token endpoint that is down', async () => {
    const own = await harness.office({ provider: 'github' });
    await sandbox().expireTokens(own.team);
    await sandbox().inject({ team: own.team, method: 'oauth.token', kind: 'status', status: 503 });
    await own.call('repository.list', {});
    expect((await own.call('repository.list', {})).json).not.toMatchObject({ code: 'connection_needs_reauth' });
  });

  it('ends the grant at GitHub when it is disconnected', async () => {
    const own = await harness.office({ provider: 'github' });
    expect((await own.asPerson('DELETE', `/connections/${own.connectionId}`)).status).toBe(204);
    expect(await requestsOf(own.team, 'oauth.grant.delete')).toMatchObject([{ status: 204 }]);
    const tokens = (await sandbox().tokens()).filter(({ team }) => team === own.team);
    expect(tokens.map(({ state }) => state)).toEqual(['revoked', 'revoked']);
  });
});

describe('the capabilities of GitHub', () => {
  it('lists repositories page by page', async () => {
    const first = await result('repository.list', { limit: 1 });
    expect(first).toMatchObject({ repositories: [{ repository: 'millrace/press', private: true }], next_cursor: '2' });
    const second = await result('repository.list', { limit: 1, cursor: '2' });
    expect(second).toEqual({ repositories: [expect.objectContaining({ repository: 'millrace/site', description: '' })] });
  });

  it('lists issues without the pull requests among them', async () => {
    const numbers = async (parameters: JsonObject) =>
      ((await result('issue.list', { ...PRESS, ...parameters }))['issues'] as { number: number }[]).map(({ number }) => number);
    expect(await numbers({})).toEqual([4, 1]);
    expect(await numbers({ state: 'all' })).toEqual([4, 2, 1]);
    expect(await numbers({ labels: 'bug,urgent' })).toEqual([4]);
    expect(await result('issue.get', { ...PRESS, number: 1 })).toMatchObject({ title: 'Rollers squeak', body: 'Since Monday.' });
  });

  it('opens an issue, comments on it and closes it', async () => {
    const issue = await result('issue.create', { ...PRESS, title: 'Belt slips', body: 'Often.', labels: ['bug'] });
    expect(issue).toMatchObject({ number: 5, state: 'open', labels: ['bug'], url: expect.stringContaining('/issues/5') });
    const comment = await result('issue.comment', { ...PRESS, number: 5, body: 'Oiled.' });
    expect(comment).toEqual({ id: expect.any(Number), url: expect.stringContaining('#issuecomment-') });
    expect(await result('issue.close', { ...PRESS, number: 5, reason: 'not_planned' })).toMatchObject({ state: 'closed' });
    expect(await result('issue.get', { ...PRESS, number: 5 })).toMatchObject({ body: 'Often.', comments: 1, state: 'closed' });
    expect((await effects()).map(({ object }) => object?.['body'])).toEqual([
      expect.stringMatching(/^Often\.\n\n<!-- clancy [a-z2-7]{32} -->$/),
      expect.stringMatching(/^Oiled\.\n\n<!-- clancy/),
      expect.stringContaining('Often.'),
    ]);
  });

  it('reads pull requests', async () => {
    const pull = { number: 3, title: 'New gears', state: 'open', merged: false, author: 'ines', from: 'gears', into: 'main' };
    expect(await result('pull.list', PRESS)).toMatchObject({ pulls: [pull] });
    expect(await result('pull.get', { ...PRESS, number: 3 })).toMatchObject({ ...pull, body: 'Finer teeth.' });
  });

  it('reads files that are texts, and cuts long ones', async () => {
    expect(await result('file.read', { ...PRESS, path: 'README.md' })).toMatchObject({
      text: '# Press\n\nGrüße aus der Werkstatt.\n',
      is_cut: false,
    });
    expect(await result('file.read', { ...PRESS, path: 'docs/plan.md' })).toMatchObject({ bytes: 120_000, is_cut: true });
    const word = async (path: string, more = {}) => (await refusal('file.read', { ...PRESS, path, ...more }))['provider_code'];
    expect(await word('photo.jpg')).toBe('not_a_text');
    expect(await word('huge.bin')).toBe('too_large');
    expect(await word('docs')).toBe('not_a_file');
    expect(await word('nowhere.md')).toBe('not_found');
    expect(await word('README.md', { ref: 'other' })).toBe('not_found');
  });
});

describe('what is not done', () => {
  it.each([
    ['issue.list', { repository: '../user' }],
    ['issue.list', { repository: 'a/..' }],
    ['issue.list', { repository: 'a/b/c' }],
    ['issue.list', { repository: 'a/b?x=1' }],
    ['file.read', { ...PRESS, path: '../../../user' }],
    ['file.read', { ...PRESS, path: 'docs/../../x' }],
    ['file.read', { ...PRESS, path: '/etc/passwd' }],
    ['issue.get', { ...PRESS, number: '1/comments' }],
  ])('%s of what is no name: %j', async (capability, parameters) => {
    expect(await refusal(capability, parameters)).toMatchObject({ code: 'parameters_invalid' });
  });

  it('anything of a repository that is not shown to the person', async () => {
    expect(await refusal('issue.create', { repository: 'other/secret', title: 'x', body: 'y' })).toMatchObject({
      code: 'provider_refused',
      provider_code: 'not_found',
    });
  });

  it('too much: the whole hour is waited for', async () => {
    const own = await harness.office({ provider: 'github' });
    await sandbox().inject({ team: own.team, method: 'repos.list', kind: 'error', error: 'rate_limit' });
    const { headers } = await own.call('repository.list', {});
    expect(Number(headers['retry-after'])).toBeGreaterThan(1_700);
  });

  it.each([
    [{ kind: 'error', error: 'rate_limit' }, 'provider_rate_limited', 'rate_limit'],
    [{ kind: 'error', error: 'secondary_rate_limit' }, 'provider_rate_limited', 'secondary_rate_limit'],
    [{ kind: 'status', status: 429, retry_after: 7 }, 'provider_rate_limited', 'secondary_rate_limit'],
    [{ kind: 'error', error: 'not_accessible' }, 'scope_missing', 'resource_not_accessible'],
    [{ kind: 'error', error: 'gone' }, 'provider_refused', 'gone'],
  ] as const)('anything, where GitHub says no: %j', async (fault, code, word) => {
    const own = await harness.office({ provider: 'github' });
    await sandbox().inject({ team: own.team, method: 'issues.create', ...fault });
    const call = await own.call('issue.create', { ...PRESS, title: 'x', body: 'y' });
    expect(call.json).toMatchObject({ code, provider_code: word });
    expect(await sandbox().github.effects(own.team)).toEqual([]);
  });
});
