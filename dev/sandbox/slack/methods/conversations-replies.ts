import { z } from 'zod';
import { limit, slackTs } from '../args.ts';
import { findConversation, findMessage, inRange, requireReadable } from '../conversations.ts';
import { SlackError } from '../errors.ts';
import { paginate } from '../paging.ts';
import { renderMessage } from '../render.ts';
import { HISTORY_SCOPE } from '../scopes.ts';
import { HISTORY_SCOPES, historyArgs } from './conversations-history.ts';
import { defineMethod, requireAnyScope } from './method.ts';

/** https://docs.slack.dev/reference/methods/conversations.replies: the first message, then its replies, oldest first. */
export const conversationsReplies = defineMethod({
  name: 'conversations.replies',
  scopes: HISTORY_SCOPES,
  args: z.strictObject({ ...historyArgs, ts: slackTs, limit: limit.default(1000) }),
  run(context, args) {
    const { workspace, token } = context;
    const conversation = findConversation(context, args.channel);
    requireAnyScope(token, [HISTORY_SCOPE[conversation.kind]]);
    requireReadable(context, conversation);
    const asked = findMessage(conversation, args.ts);
    if (asked === undefined) throw new SlackError('thread_not_found');
    const parentTs = asked.threadTs ?? asked.ts;
    const thread = conversation.messages.filter((one) => one.ts === parentTs || one.threadTs === parentTs);
    const page = paginate(inRange(thread, args), (message) => message.ts, args.limit, args.cursor);
    return {
      messages: page.items.map((one) => renderMessage(workspace, conversation, one, args.include_all_metadata)),
      has_more: page.nextCursor !== '',
      ...(page.nextCursor === '' ? {} : { response_metadata: { next_cursor: page.nextCursor } }),
    };
  },
});
