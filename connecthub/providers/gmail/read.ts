import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { CollectCapability, ProviderReader, ReadCapability } from '../definition.ts';
import { optional, readBody, text } from '../parameters.ts';
import { toFound, toWhole } from './render.ts';
import { gmailUnitsOf } from './limits.ts';
import {
  CURSOR_PARAMETER,
  EMAIL_ID_PARAMETER,
  FOUND_EMAIL,
  limitParameter,
  NEXT_CURSOR,
  objectSchema,
  THREAD_ID_PARAMETER,
  WHOLE_EMAIL,
} from './schemas.ts';
import { READ } from './scopes.ts';
import { foundSchema, messageSchema, threadSchema, type Message } from './wire.ts';

const TIMEOUT_MS = 10_000;
/** For what asks once per email. */
const LONG_TIMEOUT_MS = 25_000;
/** Requests at a time: Gmail limits how many of one mailbox may be under way. */
const AT_ONCE = 5;
/** Characters. */
const MAX_TEXT = 20_000;
const MAX_TEXT_IN_THREAD = 5_000;
const SEARCH_LIMIT = 10;
const THREAD_LIMIT = 10;

export const emailSearch: CollectCapability = {
  capability: 'email.search',
  version: 1,
  title: 'Search the mailbox',
  description: 'Finds emails by words and operators of Gmail (from:, to:, subject:, newer_than:7d, is:unread), newest first.',
  permission: 'email.read',
  risk: 'read',
  scopes: [READ],
  timeoutMs: LONG_TIMEOUT_MS,
  summaryParameter: 'query',
  costUnits: gmailUnitsOf({ method: 'messages' }),
  inputSchema: objectSchema(
    {
      query: { type: 'string', minLength: 1, maxLength: 500, description: "As in Gmail's search box." },
      limit: limitParameter(25, SEARCH_LIMIT),
      cursor: CURSOR_PARAMETER,
    },
    ['query'],
  ),
  outputSchema: objectSchema({ emails: { type: 'array', items: FOUND_EMAIL }, next_cursor: NEXT_CURSOR }, ['emails']),
  // https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/list tells ids only.
  collect: async (parameters, reader) => {
    const { messages, nextPageToken } = readBody(
      foundSchema,
      await reader.read('messages', {
        q: text(parameters, 'query'),
        maxResults: optional(parameters, 'limit') ?? SEARCH_LIMIT,
        pageToken: optional(parameters, 'cursor'),
      }),
    );
    const emails = await each(messages, async ({ id }) => toFound(await readMessage(reader, id, 'metadata')));
    return { emails, ...(nextPageToken !== undefined && { next_cursor: nextPageToken }) };
  },
};

export const emailRead: ReadCapability = {
  capability: 'email.read',
  version: 1,
  title: 'Read an email',
  description: 'Reads one email: its text, and the names of what is attached.',
  permission: 'email.read',
  risk: 'read',
  scopes: [READ],
  timeoutMs: TIMEOUT_MS,
  summaryParameter: 'id',
  costUnits: gmailUnitsOf({ method: 'messages/id' }),
  inputSchema: objectSchema({ id: EMAIL_ID_PARAMETER }, ['id']),
  outputSchema: WHOLE_EMAIL,
  // https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/get
  request: (parameters) => ({ method: `messages/${text(parameters, 'id')}`, args: { format: 'full' } }),
  result: (body) => toWhole(readBody(messageSchema, body), MAX_TEXT),
};

export const threadRead: CollectCapability = {
  capability: 'thread.read',
  version: 1,
  title: 'Read a thread',
  description: 'Reads the newest emails of a thread, oldest of them first.',
  permission: 'thread.read',
  risk: 'read',
  scopes: [READ],
  timeoutMs: LONG_TIMEOUT_MS,
  summaryParameter: 'thread_id',
  costUnits: gmailUnitsOf({ method: 'threads/id' }),
  inputSchema: objectSchema({ thread_id: THREAD_ID_PARAMETER, limit: limitParameter(25, THREAD_LIMIT) }, ['thread_id']),
  outputSchema: objectSchema(
    {
      thread_id: { type: 'string' },
      emails: { type: 'array', items: WHOLE_EMAIL },
      earlier: { type: 'integer', description: 'How many emails of the thread came before these.' },
    },
    ['thread_id', 'emails', 'earlier'],
  ),
  // One request an email: a whole thread at once could be larger than any answer that is taken.
  collect: async (parameters, reader) => {
    const thread = readBody(threadSchema, await reader.read(`threads/${text(parameters, 'thread_id')}`, { format: 'minimal' }));
    const newest = thread.messages.slice(-limitOf(parameters));
    const emails = await each(newest, async ({ id }) => toWhole(await readMessage(reader, id, 'full'), MAX_TEXT_IN_THREAD));
    return { thread_id: thread.id, emails, earlier: thread.messages.length - newest.length };
  },
};

export async function readMessage(reader: ProviderReader, id: string, format: 'full' | 'metadata'): Promise<Message> {
  return readBody(messageSchema, await reader.read(`messages/${id}`, { format }));
}

function limitOf(parameters: JsonObject): number {
  const limit = optional(parameters, 'limit');
  return typeof limit === 'number' ? limit : THREAD_LIMIT;
}

/** In order, a few at a time. */
async function each<T>(items: readonly T[], read: (item: T) => Promise<Json>): Promise<Json[]> {
  const results: Json[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE)
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(read))));
  return results;
}
