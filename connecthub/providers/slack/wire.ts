import { z } from 'zod';
import type { Json } from '../../../contracts/json.ts';

export { optional, readBody, text } from '../parameters.ts';

/** Shapes of Slack's objects, as far as we look at them. */

const messageSchema = z.looseObject({
  ts: z.string(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().default(''),
  thread_ts: z.string().optional(),
  reply_count: z.int().optional(),
  metadata: z.looseObject({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
  reactions: z.array(z.looseObject({ name: z.string(), users: z.array(z.string()) })).optional(),
});
export type SlackMessage = z.infer<typeof messageSchema>;

export const pageSchema = z.looseObject({
  has_more: z.boolean().optional(),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
});
export const messagesSchema = pageSchema.extend({ messages: z.array(messageSchema) });
export const reactedSchema = z.looseObject({ message: messageSchema });
export const channelSchema = z.looseObject({
  id: z.string(),
  name: z.string().default(''),
  topic: z.looseObject({ value: z.string() }).optional(),
  purpose: z.looseObject({ value: z.string() }).optional(),
  num_members: z.int().optional(),
});
export const channelsSchema = pageSchema.extend({ channels: z.array(channelSchema) });
export const userSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  real_name: z.string().optional(),
  deleted: z.boolean().optional(),
  profile: z.looseObject({ email: z.string().optional(), display_name: z.string().optional() }).optional(),
});
export type SlackUser = z.infer<typeof userSchema>;
export const usersSchema = pageSchema.extend({ members: z.array(userSchema) });
export const openedSchema = z.looseObject({ channel: z.looseObject({ id: z.string() }) });

/** Empty on Slack's last page, absent on ours. */
export function nextCursor(page: z.infer<typeof pageSchema>): { next_cursor?: string } {
  const cursor = page.response_metadata?.next_cursor ?? '';
  return cursor === '' ? {} : { next_cursor: cursor };
}

/** A message of an app may have no user; its bot id then says whose it is. */
export function toMessage(message: SlackMessage): Json {
  return {
    ts: message.ts,
    user: message.user ?? message.bot_id ?? '',
    text: message.text,
    ...(message.thread_ts !== undefined && { thread_ts: message.thread_ts }),
    ...(message.reply_count !== undefined && { reply_count: message.reply_count }),
  };
}
