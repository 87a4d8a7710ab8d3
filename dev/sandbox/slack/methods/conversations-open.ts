import { z } from 'zod';
import { flag } from '../args.ts';
import { SlackError } from '../errors.ts';
import { renderConversation } from '../render.ts';
import { defineMethod, requireAnyScope } from './method.ts';

/**
 * https://docs.slack.dev/reference/methods/conversations.open for one person.
 * Opening what is open already is no effect and leaves no trace in the log.
 */
export const conversationsOpen = defineMethod({
  name: 'conversations.open',
  scopes: ['im:write', 'mpim:write'],
  args: z.strictObject({ users: z.string().optional(), return_im: flag.optional() }),
  run({ workspace, actor, token, recordEffect }, { users = '', return_im = false }) {
    const ids = users.split(',').filter((id) => id !== '');
    const [user] = ids;
    if (user === undefined) throw new SlackError('users_list_not_supplied');
    if (ids.length > 1) throw new SlackError('method_not_supported_for_channel_type');
    requireAnyScope(token, ['im:write']);
    const person = workspace.people.get(user);
    if (person === undefined) throw new SlackError('user_not_found');
    if (person.isBot) throw new SlackError('cannot_dm_bot');
    const { conversation, isNew } = workspace.openDirect(actor, user);
    if (isNew) recordEffect({ channel: conversation.id, user });
    const opened = isNew ? {} : { no_op: true, already_open: true };
    return { ...opened, channel: return_im ? renderConversation(workspace, conversation, actor) : { id: conversation.id } };
  },
});
