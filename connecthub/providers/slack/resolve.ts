import type { JsonObject } from '../../../contracts/json.ts';
import type { ProviderReader } from '../definition.ts';
import { ProviderRefusal } from '../refusal.ts';
import { readRefusal } from './answers.ts';
import { channelsSchema, nextCursor, openedSchema, readBody, text, usersSchema, type SlackUser } from './wire.ts';

/** Ten pages of 200: a workspace with more channels or people than that is asked for ids. */
const MAX_PAGES = 10;
const PAGE_SIZE = 200;

/** Slack answers for all asked types or none: private channels are asked for only where the scope is there. */
export function channelTypes(scopes: readonly string[]): string {
  return scopes.includes('groups:read') ? 'public_channel,private_channel' : 'public_channel';
}

/** Parameters with `#name` replaced by the channel's id. Reading methods take ids only. */
export async function withChannelId(parameters: JsonObject, reader: ProviderReader): Promise<JsonObject> {
  const channel = text(parameters, 'channel');
  if (!channel.startsWith('#')) return parameters;
  return { ...parameters, channel: await findChannel(channel.slice(1), reader) };
}

async function findChannel(name: string, reader: ProviderReader): Promise<string> {
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const args = { types: channelTypes(reader.scopes), exclude_archived: true, limit: PAGE_SIZE, cursor };
    const body = readBody(channelsSchema, await reader.read('conversations.list', args));
    const found = body.channels.find((channel) => channel.name === name);
    if (found) return found.id;
    cursor = nextCursor(body).next_cursor;
    if (cursor === undefined) break;
  }
  throw new ProviderRefusal(readRefusal('channel_not_found'));
}

/** Everybody for whom `isWanted` holds, up to `atMost`. */
export async function findUsers(
  reader: ProviderReader,
  isWanted: (user: SlackUser) => boolean,
  atMost: number,
): Promise<SlackUser[]> {
  const found: SlackUser[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES && found.length < atMost; page += 1) {
    const body = readBody(usersSchema, await reader.read('users.list', { limit: PAGE_SIZE, cursor }));
    found.push(...body.members.filter((user) => user.deleted !== true && isWanted(user)));
    cursor = nextCursor(body).next_cursor;
    if (cursor === undefined) break;
  }
  return found.slice(0, atMost);
}

/** Parameters with `channel`: the direct conversation with `user`. Opening one that is open already changes nothing. */
export async function withDirectChannel(parameters: JsonObject, reader: ProviderReader): Promise<JsonObject> {
  const users = await findUserId(text(parameters, 'user'), reader);
  const opened = readBody(openedSchema, await reader.read('conversations.open', { users }));
  return { ...parameters, channel: opened.channel.id };
}

async function findUserId(user: string, reader: ProviderReader): Promise<string> {
  if (/^[UW][A-Z0-9]{2,31}$/.test(user)) return user;
  const wanted = user.replace(/^@/, '').toLowerCase();
  const matches = user.startsWith('@')
    ? await findUsers(reader, ({ name, profile }) => name === wanted || profile?.display_name?.toLowerCase() === wanted, 2)
    : await findByEmail(wanted, reader);
  // Two people of one name: a message to the wrong one cannot be taken back.
  if (matches.length > 1) throw new ProviderRefusal(readRefusal('user_ambiguous'));
  const [found] = matches;
  if (!found) throw new ProviderRefusal(readRefusal('user_not_found'));
  return found.id;
}

/** https://docs.slack.dev/reference/methods/users.lookupByEmail; nobody is an empty list, not a failure. */
export async function findByEmail(email: string, reader: ProviderReader): Promise<SlackUser[]> {
  try {
    const { members } = readBody(usersSchema, toMembers(await reader.read('users.lookupByEmail', { email })));
    return members;
  } catch (error) {
    if (error instanceof ProviderRefusal && error.refusal.reason === 'users_not_found') return [];
    throw error;
  }
}

function toMembers(body: JsonObject): JsonObject {
  return { members: [body['user'] ?? null] };
}
