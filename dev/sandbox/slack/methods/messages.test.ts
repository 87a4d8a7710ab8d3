import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startHarness } from '../../testing.ts';
import type { Body, Harness } from '../../testing.ts';

const page = z.object({
  messages: z.array(z.looseObject({ ts: z.string(), text: z.string(), metadata: z.unknown().optional() })),
  has_more: z.boolean(),
  response_metadata: z.object({ next_cursor: z.string() }).optional(),
});

describe('messages', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await startHarness();
  });
  afterAll(() => h.sandbox.close());

  const read = async (token: string, method: string, args: Body) => page.parse((await h.call(method, token, args, 'query')).body);
  const textsOf = (answer: z.infer<typeof page>) => answer.messages.map((message) => message.text);
  const METADATA = { event_type: 'clancy_call', event_payload: { call_key: 'k-1', nested: { n: 1 } } };

  it.each(['json', 'form'] as const)('posts with metadata from a %s body and logs one effect', async (as) => {
    const { token, team } = await h.install();
    const reply = await h.call('chat.postMessage', token, { channel: 'C0BILLING1', text: 'Hello', metadata: METADATA }, as);
    expect(reply.body).toMatchObject({
      ok: true,
      channel: 'C0BILLING1',
      ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
      message: { type: 'message', text: 'Hello', user: 'U0CLANCY01', bot_id: 'B0CLANCY01', metadata: METADATA },
    });
    const [effect, ...others] = await h.control.effects(team);
    expect(others).toEqual([]);
    expect(effect).toMatchObject({
      method: 'chat.postMessage',
      channel: 'C0BILLING1',
      text: 'Hello',
      metadata: METADATA,
      ts: reply.body['ts'],
    });
    expect(effect?.request_id).toBe(reply.headers.get('x-slack-req-id'));
  });

  it('takes the name of a channel and the id of a person as the channel', async () => {
    const { token } = await h.install();
    expect((await h.call('chat.postMessage', token, { channel: '#digest', text: 'a' })).body['channel']).toBe('C0DIGEST01');
    expect((await h.call('chat.postMessage', token, { channel: 'U0DANA0001', text: 'b' })).body['channel']).toBe('D0DANA0001');
  });

  it.each([
    ['an unknown channel', { channel: 'C0NOWHERE1', text: 'x' }, 'channel_not_found'],
    ['a private channel it is not in', { channel: 'C0PAYROLL1', text: 'x' }, 'channel_not_found'],
    ['a public channel it is not in', { channel: 'C0LEADERS1', text: 'x' }, 'not_in_channel'],
    ['an archived channel', { channel: 'C0ARCHIVE1', text: 'x' }, 'is_archived'],
    ['no text', { channel: 'C0GENERAL1', text: '  ' }, 'no_text'],
    ['a text that is too long', { channel: 'C0GENERAL1', text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['metadata without a type', { channel: 'C0GENERAL1', text: 'x', metadata: { event_payload: {} } }, 'invalid_metadata_format'],
    ['metadata that is no JSON', { channel: 'C0GENERAL1', text: 'x', metadata: '{' }, 'invalid_metadata_format'],
    ['a thread that does not exist', { channel: 'C0GENERAL1', text: 'x', thread_ts: '1.000001' }, 'thread_not_found'],
  ])('refuses %s and makes no effect', async (_name, args, error) => {
    const { token, team } = await h.install();
    const reply = await h.call('chat.postMessage', token, args);
    expect(reply).toMatchObject({ status: 200, body: { ok: false, error } });
    expect(await h.control.effects(team)).toEqual([]);
  });

  it('lets an app with chat:write.public post where it is no member', async () => {
    const { token } = await h.install(['chat:write', 'chat:write.public']);
    expect((await h.call('chat.postMessage', token, { channel: 'C0LEADERS1', text: 'x' })).body['ok']).toBe(true);
  });

  it('acts as the person with a user token', async () => {
    const { body } = await h.install(['users:read'], ['chat:write']);
    const token = String(Object(body['authed_user']).access_token);
    const reply = await h.call('chat.postMessage', token, { channel: 'C0GENERAL1', text: 'me' });
    expect(reply.body).toMatchObject({ ok: true, message: { user: 'U0PIOTR001' } });
    expect(reply.body['message']).not.toHaveProperty('bot_id');
  });

  it('reads history newest first without replies, metadata only when asked', async () => {
    const { token } = await h.install();
    await h.call('chat.postMessage', token, { channel: 'C0BILLING1', text: 'newest', metadata: METADATA });
    const plain = await read(token, 'conversations.history', { channel: 'C0BILLING1' });
    expect(textsOf(plain)).toEqual(['newest', expect.stringContaining('Marsh'), expect.stringContaining('1042')]);
    expect(plain.messages[0]).not.toHaveProperty('metadata');
    expect(plain.has_more).toBe(false);
    expect(plain.response_metadata).toBeUndefined();
    const full = await read(token, 'conversations.history', { channel: 'C0BILLING1', include_all_metadata: 'true' });
    expect(full.messages[0]?.metadata).toEqual(METADATA);
    expect(full.messages[2]).toMatchObject({ reply_count: 1, reply_users: ['U0DANA0001'] });
  });

  it('pages history by cursor, steadily while messages arrive', async () => {
    const { token } = await h.install();
    const whole = textsOf(await read(token, 'conversations.history', { channel: 'C0QUESTION' }));
    const first = await read(token, 'conversations.history', { channel: 'C0QUESTION', limit: 3 });
    expect(first.has_more).toBe(true);
    await h.call('chat.postMessage', token, { channel: 'C0QUESTION', text: 'in between' });
    const cursor = first.response_metadata?.next_cursor ?? '';
    const second = await read(token, 'conversations.history', { channel: 'C0QUESTION', limit: 3, cursor });
    expect([...textsOf(first), ...textsOf(second)]).toEqual(whole);
    expect((await h.call('conversations.history', token, { channel: 'C0QUESTION', cursor: 'bm9wZQ==' })).body['error']).toBe(
      'invalid_cursor',
    );
    expect((await h.call('conversations.history', token, { channel: 'C0QUESTION', limit: 1000 })).body['error']).toBe(
      'invalid_arguments',
    );
  });

  it('bounds history by oldest and latest, which are outside unless inclusive', async () => {
    const { token, team } = await h.install();
    const seed = (text: string) => h.control.seedMessage(team, { channel: 'C0DIGEST01', user: 'U0JUNE0001', text });
    const [a, , c] = [await seed('a'), await seed('b'), await seed('c')];
    const range = { channel: 'C0DIGEST01', oldest: a.ts, latest: c.ts };
    expect(textsOf(await read(token, 'conversations.history', range))).toEqual(['b']);
    expect(textsOf(await read(token, 'conversations.history', { ...range, inclusive: 'true' }))).toEqual(['c', 'b', 'a']);
    expect(textsOf(await read(token, 'conversations.history', { channel: 'C0DIGEST01', oldest: '0' }))).toEqual(['c', 'b', 'a']);
  });

  it('wants the history scope of the kind of conversation, and membership', async () => {
    const { token } = await h.install(['channels:history', 'im:write']);
    await h.call('conversations.open', token, { users: 'U0DANA0001' });
    const direct = await h.call('conversations.history', token, { channel: 'D0DANA0001' });
    expect(direct.body).toMatchObject({ error: 'missing_scope', needed: 'im:history', provided: 'channels:history,im:write' });
    expect((await h.call('conversations.history', token, { channel: 'C0LEADERS1' })).body['error']).toBe('not_in_channel');
    expect((await h.call('conversations.replies', token, { channel: 'C0LEADERS1', ts: '1.1' })).body['error']).toBe(
      'not_in_channel',
    );
  });

  it('threads: a reply to a reply joins the thread, and replies come oldest first by page', async () => {
    const { token, team } = await h.install();
    const parent = await h.control.seedMessage(team, { channel: 'C0SUPPORT1', user: 'U0AMARA001', text: 'parent' });
    const first = await h.call('chat.postMessage', token, { channel: 'C0SUPPORT1', text: 'one', thread_ts: parent.ts });
    await h.call('chat.postMessage', token, {
      channel: 'C0SUPPORT1',
      text: 'two',
      thread_ts: first.body['ts'],
      metadata: METADATA,
    });
    const all = await read(token, 'conversations.replies', {
      channel: 'C0SUPPORT1',
      ts: parent.ts,
      include_all_metadata: 'true',
    });
    expect(textsOf(all)).toEqual(['parent', 'one', 'two']);
    expect(all.messages[2]).toMatchObject({ thread_ts: parent.ts, metadata: METADATA });
    const start = await read(token, 'conversations.replies', { channel: 'C0SUPPORT1', ts: parent.ts, limit: 2 });
    const cursor = start.response_metadata?.next_cursor ?? '';
    const rest = await read(token, 'conversations.replies', { channel: 'C0SUPPORT1', ts: parent.ts, limit: 2, cursor });
    expect([start.has_more, textsOf(rest), rest.has_more]).toEqual([true, ['two'], false]);
    const history = textsOf(await read(token, 'conversations.history', { channel: 'C0SUPPORT1' }));
    expect(history).not.toContain('one');
    expect((await h.call('conversations.replies', token, { channel: 'C0SUPPORT1', ts: '1.1' })).body['error']).toBe(
      'thread_not_found',
    );
  });

  it('gives every message a timestamp of its own, though the clock stands still', async () => {
    const frozen = await startHarness({ now: () => 1_795_000_000_000 });
    const { token } = await frozen.install();
    const replies = await Promise.all(
      ['a', 'b', 'c'].map((text) => frozen.call('chat.postMessage', token, { channel: 'C0DIGEST01', text })),
    );
    await frozen.sandbox.close();
    expect(new Set(replies.map((reply) => reply.body['ts'])).size).toBe(3);
  });
});
