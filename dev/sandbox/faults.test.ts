import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outcomeOf, startHarness } from './testing.ts';
import type { Harness, Installation } from './testing.ts';

const METHOD = 'chat.postMessage';

describe('injected faults', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await startHarness();
  });
  afterAll(() => h.sandbox.close());

  const post = ({ token }: Installation, text = 'hi') => h.call(METHOD, token, { channel: 'C0DIGEST01', text });
  const count = async ({ team }: Installation) => (await h.control.effects(team)).length;
  const rawPost = ({ token }: Installation, signal?: AbortSignal) =>
    fetch(`${h.sandbox.url}/slack/api/${METHOD}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel: 'C0DIGEST01', text: 'hi' }),
      ...(signal === undefined ? {} : { signal }),
    });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('answers 500 %s the effect', async (when, effects) => {
    const installation = await h.install();
    await h.control.inject({ team: installation.team, method: METHOD, kind: 'status', status: 500, when });
    expect((await rawPost(installation)).status).toBe(500);
    expect(await count(installation)).toBe(effects);
    expect((await post(installation)).body['ok']).toBe(true);
  });

  it('answers 429 with Retry-After and Slack’s word', async () => {
    const installation = await h.install();
    await h.control.inject({ team: installation.team, method: METHOD, kind: 'status', status: 429, retry_after: 7 });
    const reply = await post(installation);
    expect([reply.status, reply.headers.get('retry-after'), reply.body]).toEqual([429, '7', { ok: false, error: 'ratelimited' }]);
    expect(await count(installation)).toBe(0);
  });

  it('answers with an error word at HTTP 200', async () => {
    const installation = await h.install();
    await h.control.inject({ team: installation.team, method: METHOD, kind: 'error', error: 'account_inactive' });
    expect(await post(installation)).toMatchObject({ status: 200, body: { ok: false, error: 'account_inactive' } });
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('resets the connection %s the effect', async (when, effects) => {
    const installation = await h.install();
    await h.control.inject({ team: installation.team, method: METHOD, kind: 'reset', when });
    await expect(rawPost(installation)).rejects.toThrow('fetch failed');
    expect(await count(installation)).toBe(effects);
  });

  it('answers garbage at HTTP 200', async () => {
    const installation = await h.install();
    await h.control.inject({ team: installation.team, method: METHOD, kind: 'garbage', when: 'after' });
    const response = await rawPost(installation);
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow('not valid JSON');
    expect(await count(installation)).toBe(1);
  });

  it('answers half and closes', async () => {
    const installation = await h.install();
    await h.control.inject({ team: installation.team, method: METHOD, kind: 'half', when: 'after' });
    const response = await rawPost(installation);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(await count(installation)).toBe(1);
  });

  it('never answers, with the effect made, until the caller goes away', async () => {
    const installation = await h.install();
    await h.control.inject({ team: installation.team, method: METHOD, kind: 'hang', when: 'after' });
    const gone = new AbortController();
    const outcome = outcomeOf(rawPost(installation, gone.signal));
    await expect.poll(() => count(installation)).toBe(1);
    gone.abort();
    expect(await outcome).toBe('lost');
    const requests = await h.control.requests(installation.team);
    expect(requests.at(-1)).toMatchObject({ method: METHOD, fault: 'hang', status: null });
  });

  it('delays before the effect and then answers as usual', async () => {
    const installation = await h.install();
    await h.control.inject({ team: installation.team, method: METHOD, kind: 'delay', delay_ms: 30 });
    expect((await post(installation)).body['ok']).toBe(true);
    expect(await count(installation)).toBe(1);
    expect((await h.control.requests(installation.team)).at(-1)).toMatchObject({ fault: 'delay', status: 200 });
  });

  it('meets the nth request and as many after it as was asked', async () => {
    const installation = await h.install();
    await h.control.inject({ team: installation.team, method: METHOD, kind: 'error', error: 'fatal_error', nth: 2, times: 2 });
    const replies = [];
    for (let n = 0; n < 4; n += 1) replies.push((await post(installation)).body['ok']);
    expect(replies).toEqual([true, false, false, true]);
  });

  it('takes several faults one after another', async () => {
    const installation = await h.install();
    for (const error of ['fatal_error', 'internal_error']) {
      await h.control.inject({ team: installation.team, method: METHOD, kind: 'error', error });
    }
    const words = [];
    for (let n = 0; n < 3; n += 1) words.push((await post(installation)).body['error']);
    expect(words).toEqual(['fatal_error', 'internal_error', undefined]);
  });

  it('leaves other methods and other teams alone, and can be cleared', async () => {
    const [one, two] = [await h.install(), await h.install()];
    await h.control.inject({ team: one.team, method: METHOD, kind: 'error', error: 'fatal_error' });
    expect((await post(two)).body['ok']).toBe(true);
    expect((await h.call('auth.test', one.token)).body['ok']).toBe(true);
    await h.control.clearFaults(one.team);
    expect((await post(one)).body['ok']).toBe(true);
  });

  it('meets a token refresh too', async () => {
    const { team, refreshToken } = await h.install();
    await h.control.inject({ team, method: 'oauth.v2.access', kind: 'status', status: 503 });
    const url = `${h.sandbox.url}/slack/api/oauth.v2.access`;
    const lost = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    });
    expect(lost.status).toBe(503);
    expect((await h.exchange({ grant_type: 'refresh_token', refresh_token: refreshToken })).body['ok']).toBe(true);
  });
});
