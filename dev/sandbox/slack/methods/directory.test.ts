import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startHarness } from '../../testing.ts';
import type { Body, Harness } from '../../testing.ts';

const channelPage = z.object({
  channels: z.array(z.looseObject({ id: z.string(), name: z.string().optional(), is_member: z.boolean().optional() })),
  response_metadata: z.object({ next_cursor: z.string() }),
});
const memberPage = z.object({
  members: z.array(z.looseObject({ id: z.string(), profile: z.looseObject({ email: z.string().optional() }) })),
  response_metadata: z.object({ next_cursor: z.string() }),
});

describe('channels, people and reactions', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await startHarness();
  });
  afterAll(() => h.sandbox.close());

  const list = async (token: string, args: Body = {}) =>
    channelPage.parse((await h.call('conversations.list', token, args, 'query')).body);

  it('lists the public channels with stable ids, those without the bot as well', async () => {
    const { token } = await h.install();
    const { channels, response_metadata } = await list(token, { exclude_archived: 'true' });
    expect(channels.map(({ id, name }) => [id, name])).toEqual([
      ['C0GENERAL1', 'general'],
      ['C0BILLING1', 'billing'],
      ['C0FINANCE1', 'finance'],
      ['C0SUPPORT1', 'support'],
      ['C0QUESTION', 'questions'],
      ['C0ANNOUNCE', 'announcements'],
      ['C0DIGEST01', 'digest'],
      ['C0INTRODUC', 'introductions'],
      ['C0LEADERS1', 'leadership'],
    ]);
    expect(channels.filter((one) => one.is_member === false).map((one) => one.name)).toEqual(['leadership']);
    expect(response_metadata.next_cursor).toBe('');
  });

  it('pages the channels by cursor', async () => {
    const { token } = await h.install();
    const all = await list(token);
    const first = await list(token, { limit: 6 });
    const second = await list(token, { limit: 6, cursor: first.response_metadata.next_cursor });
    expect([...first.channels, ...second.channels]).toEqual(all.channels);
    expect(all.channels.map((one) => one.name)).toContain('trade-fair-2024');
  });

  it('wants a scope for each type of conversation, and knows the types', async () => {
    const { token } = await h.install(['channels:read']);
    expect((await h.call('conversations.list', token, { types: 'public_channel,im' })).body).toMatchObject({
      error: 'missing_scope',
      needed: 'im:read',
    });
    expect((await h.call('conversations.list', token, { types: 'rooms' })).body['error']).toBe('invalid_types');
  });

  it('opens a direct conversation once and shows it in the list', async () => {
    const { token, team } = await h.install();
    const first = await h.call('conversations.open', token, { users: 'U0DANA0001' });
    expect(first.body).toEqual({ ok: true, channel: { id: 'D0DANA0001' } });
    const second = await h.call('conversations.open', token, { users: 'U0DANA0001', return_im: true });
    expect(second.body).toMatchObject({
      ok: true,
      already_open: true,
      no_op: true,
      channel: { id: 'D0DANA0001', is_im: true, user: 'U0DANA0001' },
    });
    expect(await h.control.effects(team)).toMatchObject([
      { method: 'conversations.open', channel: 'D0DANA0001', user: 'U0DANA0001' },
    ]);
    const direct = await list(token, { types: 'im' });
    expect(direct.channels.map((one) => one.id)).toEqual(['D0DANA0001']);
  });

  it.each([
    ['nobody', {}, 'users_list_not_supplied'],
    ['somebody unknown', { users: 'U0NOBODY01' }, 'user_not_found'],
    ['itself', { users: 'U0CLANCY01' }, 'cannot_dm_bot'],
    ['several people', { users: 'U0DANA0001,U0LUIS0001' }, 'method_not_supported_for_channel_type'],
  ])('does not open a conversation with %s', async (_name, args, error) => {
    const { token } = await h.install();
    expect((await h.call('conversations.open', token, args)).body['error']).toBe(error);
  });

  it('lists people by page, with addresses only where users:read.email was granted', async () => {
    const { token } = await h.install();
    const first = memberPage.parse((await h.call('users.list', token, { limit: 4 }, 'query')).body);
    const second = memberPage.parse(
      (await h.call('users.list', token, { limit: 4, cursor: first.response_metadata.next_cursor }, 'query')).body,
    );
    const members = [...first.members, ...second.members];
    expect(members.map((one) => one.id)).toEqual([
      'U0PIOTR001',
      'U0DANA0001',
      'U0AMARA001',
      'U0LUIS0001',
      'U0JUNE0001',
      'U0CLANCY01',
    ]);
    expect(members[1]?.profile.email).toBe('dana@millrace.example');
    const poor = await h.install(['users:read']);
    const withoutEmail = memberPage.parse((await h.call('users.list', poor.token)).body);
    expect(withoutEmail.members.every((one) => one.profile.email === undefined)).toBe(true);
  });

  it('finds a person by address, whatever its case', async () => {
    const { token } = await h.install();
    const { body } = await h.call('users.lookupByEmail', token, { email: 'Dana@Millrace.example' }, 'query');
    expect(body).toMatchObject({ ok: true, user: { id: 'U0DANA0001', real_name: 'Dana Weiss' } });
    expect((await h.call('users.lookupByEmail', token, { email: 'x@y.example' }, 'query')).body['error']).toBe('users_not_found');
  });

  it('adds a reaction once, shows it, and refuses the second', async () => {
    const { token, team } = await h.install();
    const { ts } = await h.control.seedMessage(team, { channel: 'C0QUESTION', user: 'U0LUIS0001', text: 'Glue?' });
    const item = { channel: 'C0QUESTION', timestamp: ts };
    expect((await h.call('reactions.add', token, { ...item, name: 'white_check_mark' })).body).toEqual({ ok: true });
    expect((await h.call('reactions.add', token, { ...item, name: 'white_check_mark' })).body['error']).toBe('already_reacted');
    const { body } = await h.call('reactions.get', token, item, 'query');
    expect(body).toMatchObject({
      ok: true,
      type: 'message',
      channel: 'C0QUESTION',
      message: { text: 'Glue?', reactions: [{ name: 'white_check_mark', users: ['U0CLANCY01'], count: 1 }] },
    });
    expect(await h.control.effects(team)).toMatchObject([
      { method: 'reactions.add', channel: 'C0QUESTION', ts, reaction: 'white_check_mark' },
    ]);
  });

  it.each([
    ['an emoji that is none', { channel: 'C0QUESTION', timestamp: '1.1', name: ':wave:' }, 'invalid_name'],
    ['a message that does not exist', { channel: 'C0QUESTION', timestamp: '1.1', name: 'wave' }, 'message_not_found'],
    ['an unknown channel', { channel: 'C0NOWHERE1', timestamp: '1.1', name: 'wave' }, 'channel_not_found'],
  ])('refuses a reaction with %s', async (_name, args, error) => {
    const { token } = await h.install();
    expect((await h.call('reactions.add', token, args)).body['error']).toBe(error);
  });

  it.each([
    ['C0LEADERS1', 'not_in_channel'],
    ['C0ARCHIVE1', 'is_archived'],
  ])('does not react in %s: %s', async (channel, error) => {
    const { token, team } = await h.install();
    const { ts } = await h.control.seedMessage(team, { channel, user: 'U0LUIS0001', text: 'hello' });
    expect((await h.call('reactions.add', token, { channel, timestamp: ts, name: 'wave' })).body['error']).toBe(error);
    expect(await h.control.effects(team)).toEqual([]);
  });

  it('hides a private channel from the bot that is not in it, and shows it to the person who is', async () => {
    const { token, body } = await h.install(['groups:read'], ['groups:read']);
    expect((await list(token, { types: 'private_channel' })).channels).toEqual([]);
    const personal = String(Object(body['authed_user']).access_token);
    expect((await list(personal, { types: 'private_channel' })).channels.map((one) => one.name)).toEqual(['payroll']);
  });

  it('shares no reaction between workspaces', async () => {
    const [one, two] = [await h.install(), await h.install()];
    const oldest = async (token: string) => {
      const history = z.object({ messages: z.array(z.looseObject({ ts: z.string() })) });
      return history.parse((await h.call('conversations.history', token, { channel: 'C0QUESTION' })).body).messages.at(-1);
    };
    const item = await oldest(one.token);
    await h.call('reactions.add', one.token, { channel: 'C0QUESTION', timestamp: item?.ts, name: 'eyes' });
    expect(await oldest(one.token)).toMatchObject({ reactions: [{ name: 'eyes', count: 3 }] });
    expect(await oldest(two.token)).toMatchObject({ reactions: [{ name: 'eyes', count: 2 }] });
  });
});
