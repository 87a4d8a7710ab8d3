import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT, REDIRECT_URI, startHarness } from '../testing.ts';
import type { Harness, Installation } from '../testing.ts';

/** Slack's own client, unchanged, says what the sandbox gets wrong. */
let h: Harness;
let installed: Installation;
let slack: WebClient;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.sandbox.close());
const clientOf = (token?: string, retries = 0) =>
  new WebClient(token, { slackApiUrl: `${h.sandbox.url}/slack/api/`, retryConfig: { retries }, logLevel: LogLevel.ERROR });
beforeEach(async () => {
  installed = await h.install();
  slack = clientOf(installed.token);
});

describe('the official client of Slack', () => {
  it('installs an application and refreshes its token', async () => {
    const { team } = await h.control.createTeam();
    const callback = new URL(await h.control.authorize(h.authorizeUrl(), { team }));
    const code = callback.searchParams.get('code') ?? '';
    const client = { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret };
    const granted = await clientOf().oauth.v2.access({ ...client, code, redirect_uri: REDIRECT_URI });
    expect(granted).toMatchObject({ ok: true, token_type: 'bot', team: { id: team }, expires_in: expect.any(Number) });
    const refreshed = await clientOf().oauth.v2.access({
      ...client,
      grant_type: 'refresh_token',
      refresh_token: granted.refresh_token ?? '',
    });
    expect(refreshed.access_token).not.toBe(granted.access_token);
    expect(await clientOf(refreshed.access_token).auth.test()).toMatchObject({ ok: true, team_id: team });
  });

  it('posts with metadata, and finds it in the history', async () => {
    const metadata = { event_type: 'ours', event_payload: { key: 'k1' } };
    const posted = await slack.chat.postMessage({ channel: '#billing', text: 'Hello & <bye>', metadata });
    expect(posted).toMatchObject({ ok: true, channel: 'C0BILLING1', ts: expect.stringMatching(/^\d+\.\d{6}$/) });
    const ts = posted.ts ?? '';
    await slack.chat.postMessage({ channel: 'C0BILLING1', thread_ts: ts, text: 'A reply' });
    const history = await slack.conversations.history({
      channel: 'C0BILLING1',
      oldest: ts,
      inclusive: true,
      include_all_metadata: true,
    });
    expect(history.messages).toMatchObject([{ ts, reply_count: 1, metadata }]);
    expect((await slack.conversations.replies({ channel: 'C0BILLING1', ts })).messages).toHaveLength(2);
  });

  it('reacts, and reads who did', async () => {
    const { ts = '' } = await slack.chat.postMessage({ channel: '#billing', text: 'Hi' });
    await slack.reactions.add({ channel: 'C0BILLING1', timestamp: ts, name: 'eyes' });
    const again = slack.reactions.add({ channel: 'C0BILLING1', timestamp: ts, name: 'eyes' });
    await expect(again).rejects.toMatchObject({ code: ErrorCode.PlatformError, data: { error: 'already_reacted' } });
    const read = await slack.reactions.get({ channel: 'C0BILLING1', timestamp: ts });
    expect(read.message?.reactions).toMatchObject([{ name: 'eyes', count: 1 }]);
  });

  it('walks through all pages by itself', async () => {
    const names: string[] = [];
    for await (const page of slack.paginate('conversations.list', { limit: 2 })) {
      const { channels = [] } = page as { channels?: { name: string }[] };
      expect(channels.length).toBeLessThanOrEqual(2);
      names.push(...channels.map(({ name }) => name));
    }
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('billing');
    expect((await slack.users.list({ limit: 200 })).members?.length).toBeGreaterThan(2);
  });

  it('opens a conversation with one person and writes there', async () => {
    const opened = await slack.conversations.open({ users: 'U0DANA0001' });
    expect(opened.channel?.id).toBe('D0DANA0001');
    expect(await slack.chat.postMessage({ channel: opened.channel?.id ?? '', text: 'Hello' })).toMatchObject({ ok: true });
    const found = await slack.users.lookupByEmail({ email: 'dana@millrace.example' });
    expect(found.user?.id).toBe('U0DANA0001');
  });
});

describe('what goes wrong', () => {
  it('comes as the client’s own errors', async () => {
    const data = (error: string) => ({ code: ErrorCode.PlatformError, data: { ok: false, error } });
    await expect(slack.chat.postMessage({ channel: '#nowhere', text: 'x' })).rejects.toMatchObject(data('channel_not_found'));
    await expect(clientOf('xoxb-nobody').auth.test()).rejects.toMatchObject(data('invalid_auth'));
    const poor = await h.install(['chat:write']);
    await expect(clientOf(poor.token).conversations.list()).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: expect.stringContaining('channels:read'), provided: 'chat:write' },
    });
    await slack.auth.revoke();
    await expect(slack.auth.test()).rejects.toMatchObject({
      data: { error: expect.stringMatching(/token_revoked|invalid_auth/) },
    });
  });

  it('waits for as long as Slack says, and then goes on', async () => {
    await h.control.inject({ team: installed.team, method: 'auth.test', kind: 'status', status: 429, retry_after: 0 });
    const limited = new WebClient(installed.token, { slackApiUrl: `${h.sandbox.url}/slack/api/`, rejectRateLimitedCalls: true });
    await expect(limited.auth.test()).rejects.toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 0 });
    await h.control.inject({ team: installed.team, method: 'auth.test', kind: 'status', status: 429, retry_after: 0 });
    expect(await clientOf(installed.token, 2).auth.test()).toMatchObject({ ok: true, team_id: installed.team });
  });

  it('is an HTTP error where Slack is not there', async () => {
    await h.control.inject({ team: installed.team, method: 'auth.test', kind: 'status', status: 503 });
    await expect(slack.auth.test()).rejects.toMatchObject({ code: ErrorCode.HTTPError, statusCode: 503 });
  });
});
