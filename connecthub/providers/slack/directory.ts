import type { Json } from '../../../contracts/json.ts';
import type { CollectCapability } from '../definition.ts';
import { channelTypes, findByEmail, findUsers } from './resolve.ts';
import { CURSOR_PARAMETER, limitParameter, NEXT_CURSOR, objectSchema } from './schemas.ts';
import { channelsSchema, nextCursor, optional, readBody, text, type SlackUser } from './wire.ts';

const TIMEOUT_MS = 10_000;
const DEFAULT_LIMIT = 100;
const MAX_USERS = 20;

export const slackChannelsList: CollectCapability = {
  capability: 'slack.channels.list',
  version: 1,
  title: 'List channels',
  description: 'Lists the channels that are in use.',
  permission: 'slack.read',
  risk: 'read',
  scopes: ['channels:read'],
  timeoutMs: TIMEOUT_MS,
  inputSchema: objectSchema({ limit: limitParameter(200, DEFAULT_LIMIT), cursor: CURSOR_PARAMETER }, []),
  outputSchema: objectSchema(
    {
      channels: {
        type: 'array',
        items: objectSchema(
          {
            id: { type: 'string' },
            name: { type: 'string' },
            topic: { type: 'string' },
            purpose: { type: 'string' },
            members: { type: 'integer' },
          },
          ['id', 'name'],
        ),
      },
      next_cursor: NEXT_CURSOR,
    },
    ['channels'],
  ),
  // https://docs.slack.dev/reference/methods/conversations.list
  collect: async (parameters, reader) => {
    const page = readBody(
      channelsSchema,
      await reader.read('conversations.list', {
        types: channelTypes(reader.scopes),
        exclude_archived: true,
        limit: optional(parameters, 'limit') ?? DEFAULT_LIMIT,
        cursor: optional(parameters, 'cursor'),
      }),
    );
    const channels = page.channels.map(({ id, name, topic, purpose, num_members: members }) => ({
      id,
      name,
      ...(topic && topic.value !== '' && { topic: topic.value }),
      ...(purpose && purpose.value !== '' && { purpose: purpose.value }),
      ...(members !== undefined && { members }),
    }));
    return { channels, ...nextCursor(page) };
  },
};

export const slackUsersFind: CollectCapability = {
  capability: 'slack.users.find',
  version: 1,
  title: 'Find a person',
  description: 'Finds people of the workspace by name, part of a name, email address or id.',
  permission: 'slack.read',
  risk: 'read',
  scopes: ['users:read'],
  optionalScopes: ['users:read.email'],
  timeoutMs: TIMEOUT_MS,
  summaryParameter: 'query',
  inputSchema: objectSchema(
    {
      query: { type: 'string', minLength: 1, maxLength: 254, description: 'A name, part of one, an email address or a user id.' },
    },
    ['query'],
  ),
  outputSchema: objectSchema(
    {
      users: {
        type: 'array',
        items: objectSchema(
          { id: { type: 'string' }, name: { type: 'string' }, real_name: { type: 'string' }, email: { type: 'string' } },
          ['id', 'name'],
        ),
      },
    },
    ['users'],
  ),
  collect: async (parameters, reader) => {
    const query = text(parameters, 'query').replace(/^@/, '').toLowerCase();
    const isEmail = /^[^\s@]+@[^\s@]+$/.test(query) && reader.scopes.includes('users:read.email');
    const users = isEmail ? await findByEmail(query, reader) : await findUsers(reader, (user) => matches(user, query), MAX_USERS);
    return { users: users.map(toPerson) };
  },
};

function matches(user: SlackUser, query: string): boolean {
  const names = [user.id, user.name, user.real_name, user.profile?.display_name, user.profile?.email];
  return names.some((name) => name?.toLowerCase().includes(query) === true);
}

function toPerson({ id, name, real_name: realName, profile }: SlackUser): Json {
  return {
    id,
    name,
    ...(realName !== undefined && { real_name: realName }),
    ...(profile?.email !== undefined && { email: profile.email }),
  };
}
