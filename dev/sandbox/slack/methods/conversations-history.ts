import { z } from 'zod';
import { flag, limit, slackTs } from '../args.ts';
import { findConversation, inRange, requireReadable } from '../conversations.ts';
import { paginate } from '../paging.ts';
import { renderMessage } from '../render.ts';
import { HISTORY_SCOPE } from '../scopes.ts';
import { defineMethod, requireAnyScope } from './method.ts';

/** Shared by history and replies, which page and filter alike. */
export const historyArgs = {
  channel: z.string().min(1),
  oldest: slackTs.optional(),
  latest: slackTs.optional(),
  inclusive: flag.optional(),
  cursor: z.string().optional(),
  include_all_metadata: flag.default(false),
};
export const HISTORY_SCOPES = [...Object.values(HISTORY_SCOPE), 'mpim:history'];

/** https://docs.slack.dev/reference/methods/conversations.history: newest first, replies left out. */
export const conversationsHistory = defineMethod({
  name: 'conversations.history',
  scopes: HISTORY_SCOPES,
  args: z.strictObject({ ...historyArgs, limit: limit.max(999).default(100) }),
  run(context, args) {
    const { workspace, token } = context;
    const conversation = findConversation(context, args.channel);
    requireAnyScope(token, [HISTORY_SCOPE[conversation.kind]]);
    requireReadable(context, conversation);
    const top = conversation.messages.filter((message) => message.threadTs === null);
    const page = paginate(inRange(top, args).reverse(), (message) => message.ts, args.limit, args.cursor);
    return {
      messages: page.items.map((one) => renderMessage(workspace, conversation, one, args.include_all_metadata)),
      has_more: page.nextCursor !== '',
      pin_count: 0,
      channel_actions_ts: null,
      channel_actions_count: 0,
      ...(page.nextCursor === '' ? {} : { response_metadata: { next_cursor: page.nextCursor } }),
    };
  },
});
