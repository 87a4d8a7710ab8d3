import { z } from 'zod';
import { flag, limit } from '../args.ts';
import { isVisible } from '../conversations.ts';
import { SlackError } from '../errors.ts';
import { paginate } from '../paging.ts';
import { renderConversation } from '../render.ts';
import { READ_SCOPE } from '../scopes.ts';
import type { Conversation } from '../workspace.ts';
import { defineMethod, requireAnyScope } from './method.ts';

const KINDS = new Map<string, Conversation['kind'] | 'mpim'>([
  ['public_channel', 'public'],
  ['private_channel', 'private'],
  ['im', 'im'],
  ['mpim', 'mpim'],
]);

function parseTypes(types: string) {
  return types.split(',').map((type) => {
    const kind = KINDS.get(type.trim());
    if (kind === undefined) throw new SlackError('invalid_types');
    return kind;
  });
}

/** https://docs.slack.dev/reference/methods/conversations.list; every asked type needs its own scope. */
export const conversationsList = defineMethod({
  name: 'conversations.list',
  scopes: ['channels:read', 'groups:read', 'mpim:read', 'im:read'],
  args: z.strictObject({
    types: z.string().default('public_channel'),
    exclude_archived: flag.default(false),
    limit: limit.default(100),
    cursor: z.string().optional(),
    team_id: z.string().optional(),
  }),
  run({ workspace, actor, token }, args) {
    const kinds = parseTypes(args.types);
    for (const kind of kinds) requireAnyScope(token, [kind === 'mpim' ? 'mpim:read' : READ_SCOPE[kind]]);
    const listed = [...workspace.conversations.values()].filter(
      (one) => kinds.includes(one.kind) && isVisible(one, actor) && !(args.exclude_archived && one.isArchived),
    );
    const page = paginate(listed, (one) => one.id, args.limit, args.cursor);
    return {
      channels: page.items.map((one) => renderConversation(workspace, one, actor)),
      response_metadata: { next_cursor: page.nextCursor },
    };
  },
});
