import { z } from 'zod';
import { findConversation } from '../conversations.ts';
import { renderConversation } from '../render.ts';
import { READ_SCOPE } from '../scopes.ts';
import { defineMethod, requireAnyScope } from './method.ts';

/** https://docs.slack.dev/reference/methods/conversations.info; the scope is that of the conversation's kind. */
export const conversationsInfo = defineMethod({
  name: 'conversations.info',
  scopes: ['channels:read', 'groups:read', 'mpim:read', 'im:read'],
  args: z.strictObject({ channel: z.string() }),
  run(context, args) {
    const conversation = findConversation(context, args.channel);
    requireAnyScope(context.token, [READ_SCOPE[conversation.kind]]);
    return { channel: renderConversation(context.workspace, conversation, context.actor) };
  },
});
