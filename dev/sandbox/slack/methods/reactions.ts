import { z } from 'zod';
import { flag, slackTs } from '../args.ts';
import { findConversation, findMessage } from '../conversations.ts';
import { SlackError } from '../errors.ts';
import { renderMessage } from '../render.ts';
import type { Conversation, Message } from '../workspace.ts';
import { defineMethod } from './method.ts';
import type { MethodContext } from './method.ts';

/** Names of emoji, with an optional skin tone; the workspace's own emoji are not modelled. */
const EMOJI = /^[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?$/;

function findItem(context: MethodContext, channel: string, ts: string): { conversation: Conversation; message: Message } {
  const conversation = findConversation(context, channel);
  const message = findMessage(conversation, ts);
  if (message === undefined) throw new SlackError('message_not_found');
  return { conversation, message };
}

/** https://docs.slack.dev/reference/methods/reactions.add */
export const reactionsAdd = defineMethod({
  name: 'reactions.add',
  scopes: ['reactions:write'],
  args: z.strictObject({ channel: z.string().min(1), timestamp: slackTs, name: z.string() }),
  run(context, { channel, timestamp, name }) {
    const { actor, recordEffect } = context;
    if (!EMOJI.test(name)) throw new SlackError('invalid_name');
    const { conversation, message } = findItem(context, channel, timestamp);
    if (conversation.isArchived) throw new SlackError('is_archived');
    if (!conversation.members.has(actor)) throw new SlackError('not_in_channel');
    const users = message.reactions.get(name) ?? [];
    if (users.includes(actor)) throw new SlackError('already_reacted');
    message.reactions.set(name, [...users, actor]);
    recordEffect({ channel: conversation.id, ts: message.ts, reaction: name, user: actor });
    return {};
  },
});

/** https://docs.slack.dev/reference/methods/reactions.get */
export const reactionsGet = defineMethod({
  name: 'reactions.get',
  scopes: ['reactions:read'],
  args: z.strictObject({ channel: z.string().min(1), timestamp: slackTs, full: flag.optional() }),
  run(context, { channel, timestamp }) {
    const { conversation, message } = findItem(context, channel, timestamp);
    return {
      type: 'message',
      channel: conversation.id,
      message: renderMessage(context.workspace, conversation, message, false),
    };
  },
});
