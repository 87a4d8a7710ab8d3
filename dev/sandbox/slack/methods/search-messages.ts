import { z } from 'zod';
import { isVisible } from '../conversations.ts';
import { SlackError } from '../errors.ts';
import { defineMethod } from './method.ts';

/**
 * https://docs.slack.dev/reference/methods/search.messages: only for people, in what they see. The sandbox looks for the
 * whole query in the text; of Slack's modifiers it knows none.
 */
export const searchMessages = defineMethod({
  name: 'search.messages',
  scopes: null,
  args: z.strictObject({
    query: z.string().min(1),
    count: z.coerce.number().int().min(1).max(100).default(20),
    page: z.coerce.number().int().min(1).max(100).default(1),
    sort: z.enum(['score', 'timestamp']).default('score'),
    sort_dir: z.enum(['asc', 'desc']).default('desc'),
  }),
  run({ workspace, actor, isBot, token }, { query, count, page, sort_dir }) {
    if (isBot) throw new SlackError('not_allowed_token_type');
    if (!token.scopes.includes('search:read')) {
      throw new SlackError('missing_scope', { needed: 'search:read', provided: token.scopes.join(',') });
    }
    const wanted = query.toLowerCase();
    const found = [...workspace.conversations.values()]
      .filter((one) => isVisible(one, actor))
      .flatMap((channel) => channel.messages.map((message) => ({ channel, message })))
      .filter(({ message }) => message.text.toLowerCase().includes(wanted))
      .toSorted((a, b) => (sort_dir === 'asc' ? 1 : -1) * (Number(a.message.ts) - Number(b.message.ts)));
    const matches = found.slice((page - 1) * count, page * count).map(({ channel, message }) => ({
      type: 'message',
      team: workspace.id,
      channel: { id: channel.id, name: channel.name, is_private: channel.kind === 'private', is_mpim: false },
      user: message.user,
      username: workspace.people.get(message.user)?.name ?? '',
      ts: message.ts,
      text: message.text,
      permalink: `https://millrace.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}`,
    }));
    const pages = Math.max(1, Math.ceil(found.length / count));
    return { query, messages: { total: found.length, matches, paging: { count, total: found.length, page, pages } } };
  },
});
