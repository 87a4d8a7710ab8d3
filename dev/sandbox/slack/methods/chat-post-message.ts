import { z } from 'zod';
import { flag, slackTs } from '../args.ts';
import { findConversation, findMessage } from '../conversations.ts';
import { SlackError } from '../errors.ts';
import { renderMessage } from '../render.ts';
import { APP } from '../seed.ts';
import type { Conversation, Metadata } from '../workspace.ts';
import { defineMethod } from './method.ts';
import type { MethodContext } from './method.ts';

/** Characters; https://docs.slack.dev/reference/methods/chat.postMessage */
const MAX_TEXT_LENGTH = 40_000;

const metadataSchema = z.strictObject({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.unknown()),
});

/** Metadata is an object in JSON bodies and JSON text in forms. */
function readMetadata(value: unknown): Metadata | null {
  if (value === undefined) return null;
  let candidate = value;
  try {
    if (typeof value === 'string') candidate = JSON.parse(value);
  } catch {
    throw new SlackError('invalid_metadata_format');
  }
  const parsed = metadataSchema.safeParse(candidate);
  if (!parsed.success) throw new SlackError('invalid_metadata_format');
  return parsed.data;
}

/** Here, unlike elsewhere, Slack takes a channel's name or a person's id as well. */
function resolveTarget(context: MethodContext, channel: string): Conversation {
  const { workspace, actor } = context;
  const byName = [...workspace.conversations.values()].find((one) => one.name !== '' && one.name === channel.replace(/^#/, ''));
  if (byName !== undefined) return findConversation(context, byName.id);
  if (workspace.people.has(channel)) return workspace.openDirect(actor, channel).conversation;
  return findConversation(context, channel);
}

function requireWritable({ actor, token }: MethodContext, conversation: Conversation): void {
  if (conversation.isArchived) throw new SlackError('is_archived');
  // Whoever gets here without being a member sees a public channel.
  if (conversation.members.has(actor) || token.scopes.includes('chat:write.public')) return;
  throw new SlackError('not_in_channel');
}

/** A reply to a reply lands in the thread of the first message. */
function resolveThread(conversation: Conversation, threadTs: string | undefined): string | null {
  if (threadTs === undefined) return null;
  const target = findMessage(conversation, threadTs);
  if (target === undefined) throw new SlackError('thread_not_found');
  return target.threadTs ?? target.ts;
}

/** https://docs.slack.dev/reference/methods/chat.postMessage, text messages only. */
export const chatPostMessage = defineMethod({
  name: 'chat.postMessage',
  scopes: ['chat:write'],
  args: z.strictObject({
    channel: z.string().min(1),
    text: z.string().optional(),
    thread_ts: slackTs.optional(),
    metadata: z.unknown().optional(),
    mrkdwn: flag.optional(),
    link_names: flag.optional(),
    unfurl_links: flag.optional(),
    unfurl_media: flag.optional(),
  }),
  run(context, { channel, text = '', thread_ts, metadata }) {
    const { workspace, actor, isBot, recordEffect } = context;
    const conversation = resolveTarget(context, channel);
    requireWritable(context, conversation);
    if (text.trim() === '') throw new SlackError('no_text');
    if (text.length > MAX_TEXT_LENGTH) throw new SlackError('msg_too_long');
    const message = workspace.post(conversation, {
      user: actor,
      text,
      botId: isBot ? APP.botId : null,
      threadTs: resolveThread(conversation, thread_ts),
      metadata: readMetadata(metadata),
    });
    recordEffect({
      channel: conversation.id,
      text,
      ts: message.ts,
      thread_ts: message.threadTs,
      metadata: message.metadata,
      user: actor,
    });
    return { channel: conversation.id, ts: message.ts, message: renderMessage(workspace, conversation, message, true) };
  },
});
