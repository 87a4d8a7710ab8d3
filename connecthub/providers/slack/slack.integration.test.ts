import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hubHarness, type HubHarness } from '../../testing/harness.ts';
import type { Office } from '../../testing/office.ts';

const postedSchema = z.strictObject({ channel: z.literal('C0BILLING1'), ts: z.string().regex(/^\d+\.\d{6}$/) });
const pageSchema = z.object({ messages: z.array(z.record(z.string(), z.unknown())), next_cursor: z.string() });

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
  office = await harness.office();
}, 120_000);
afterAll(() => harness.close());

const result = async (capability: string, parameters: object) => {
  const answer = await office.call(capability, { ...parameters });
  expect(answer.json).toMatchObject({ status: 'succeeded' });
  return answer.json['result'];
};

describe('the seven capabilities of Slack', () => {
  it('posts in a channel by name or id, and replies in a thread', async () => {
    const { ts } = postedSchema.parse(await result('slack.post', { channel: 'C0BILLING1', text: 'Hello' }));
    await result('slack.post', { channel: '#billing', text: 'A reply', thread_ts: ts });
    expect(await result('slack.thread.read', { channel: '#billing', thread_ts: ts })).toMatchObject({
      messages: [{ text: 'Hello' }, { text: 'A reply', thread_ts: ts }],
    });
  });

  it('messages one person by name, address or id', async () => {
    for (const user of ['@dana', 'dana@millrace.example', 'U0DANA0001']) {
      expect(await result('slack.dm', { user, text: 'Hello' })).toMatchObject({ channel: 'D0DANA0001' });
    }
    const nobody = await office.call('slack.dm', { user: '@nobody', text: 'Hello' });
    expect(nobody.json).toMatchObject({ code: 'provider_refused', provider_code: 'user_not_found' });
  });

  it('reads a channel from an instant on, page by page, and no more than declared', async () => {
    const page = await result('slack.read', { channel: '#questions', limit: 2 });
    expect(page).toMatchObject({
      channel: 'C0QUESTION',
      messages: [{ ts: expect.any(String) }, {}],
      next_cursor: expect.any(String),
    });
    const { messages, next_cursor: cursor } = pageSchema.parse(page);
    expect(Object.keys(messages[0] ?? {}).toSorted()).toEqual(['text', 'ts', 'user']);
    expect(await result('slack.read', { channel: '#questions', limit: 2, cursor })).toMatchObject({
      messages: [{}, { reply_count: 2 }],
    });
    const oldest = new Date(Date.now() - 6 * 3_600_000).toISOString();
    expect(await result('slack.read', { channel: '#questions', oldest })).toMatchObject({ messages: [{ user: 'U0DANA0001' }] });
  });

  it('reacts, and finds what it reacted to already as it should be', async () => {
    const { ts } = await harness.surroundings.sandbox.seedMessage(office.team, {
      channel: 'C0BILLING1',
      user: 'U0DANA0001',
      text: 'Hi',
    });
    const reaction = { channel: '#billing', ts, emoji: ':eyes:' };
    expect(await result('slack.react', reaction)).toEqual({ channel: 'C0BILLING1', ts, emoji: 'eyes' });
    expect(await result('slack.react', reaction)).toEqual({ channel: 'C0BILLING1', ts, emoji: 'eyes' });
    const effects = await harness.surroundings.sandbox.effects(office.team);
    expect(effects.filter(({ method }) => method === 'reactions.add')).toHaveLength(1);
  });

  it('lists channels and finds people', async () => {
    expect(await result('slack.channels.list', { limit: 1 })).toEqual({
      channels: [{ id: 'C0GENERAL1', name: 'general', topic: expect.any(String), members: 6 }],
      next_cursor: expect.any(String),
    });
    const dana = { id: 'U0DANA0001', name: 'dana', real_name: 'Dana Weiss', email: 'dana@millrace.example' };
    for (const query of ['Weiss', 'dana@millrace.example', '@dana'])
      expect(await result('slack.users.find', { query })).toEqual({ users: [dana] });
    expect(await result('slack.users.find', { query: 'nobody@millrace.example' })).toEqual({ users: [] });
  });
});
