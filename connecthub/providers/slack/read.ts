import type { JsonObject } from '../../../contracts/json.ts';
import type { ReadCapability } from '../definition.ts';
import { withChannelId } from './resolve.ts';
import {
  CHANNEL_PARAMETER,
  CURSOR_PARAMETER,
  limitParameter,
  MESSAGES,
  NEXT_CURSOR,
  objectSchema,
  TS_PARAMETER,
} from './schemas.ts';
import { messagesSchema, nextCursor, optional, readBody, text, toMessage } from './wire.ts';

const TIMEOUT_MS = 10_000;
const DEFAULT_LIMIT = 50;
const SCOPES = ['channels:history', 'channels:read'];

/** Slack counts in seconds since the epoch with six decimals; people and expressions write ISO instants. */
function toTs(instant: string | number | undefined): string | undefined {
  if (instant === undefined) return undefined;
  const given = String(instant);
  return /^\d+(\.\d+)?$/.test(given) ? given : (Date.parse(given) / 1_000).toFixed(6);
}

function messagesOf(body: JsonObject) {
  const page = readBody(messagesSchema, body);
  return { messages: page.messages.map(toMessage), ...nextCursor(page) };
}

export const slackRead: ReadCapability = {
  capability: 'slack.read',
  version: 1,
  title: 'Read a channel',
  description: "Reads a channel's messages, newest first, replies left out.",
  permission: 'slack.read',
  risk: 'read',
  scopes: SCOPES,
  timeoutMs: TIMEOUT_MS,
  summaryParameter: 'channel',
  inputSchema: objectSchema(
    {
      channel: CHANNEL_PARAMETER,
      limit: limitParameter(200, DEFAULT_LIMIT),
      oldest: {
        type: 'string',
        anyOf: [{ format: 'date-time' }, { pattern: '^\\d{1,12}(\\.\\d{1,6})?$' }],
        description: 'Only messages after it: an ISO instant or a ts.',
      },
      cursor: CURSOR_PARAMETER,
    },
    ['channel'],
  ),
  outputSchema: objectSchema({ channel: { type: 'string' }, messages: MESSAGES, next_cursor: NEXT_CURSOR }, [
    'channel',
    'messages',
  ]),
  prepare: withChannelId,
  // https://docs.slack.dev/reference/methods/conversations.history
  request: (parameters) => ({
    method: 'conversations.history',
    args: {
      channel: text(parameters, 'channel'),
      limit: optional(parameters, 'limit') ?? DEFAULT_LIMIT,
      oldest: toTs(optional(parameters, 'oldest')),
      cursor: optional(parameters, 'cursor'),
    },
  }),
  result: (body, parameters) => ({ channel: text(parameters, 'channel'), ...messagesOf(body) }),
};

export const slackThreadRead: ReadCapability = {
  capability: 'slack.thread.read',
  version: 1,
  title: 'Read a thread',
  description: 'Reads a thread: its first message, then the replies, oldest first.',
  permission: 'slack.read',
  risk: 'read',
  scopes: SCOPES,
  timeoutMs: TIMEOUT_MS,
  summaryParameter: 'channel',
  inputSchema: objectSchema(
    { channel: CHANNEL_PARAMETER, thread_ts: TS_PARAMETER, limit: limitParameter(200, DEFAULT_LIMIT), cursor: CURSOR_PARAMETER },
    ['channel', 'thread_ts'],
  ),
  outputSchema: objectSchema({ messages: MESSAGES, next_cursor: NEXT_CURSOR }, ['messages']),
  prepare: withChannelId,
  // https://docs.slack.dev/reference/methods/conversations.replies
  request: (parameters) => ({
    method: 'conversations.replies',
    args: {
      channel: text(parameters, 'channel'),
      ts: text(parameters, 'thread_ts'),
      limit: optional(parameters, 'limit') ?? DEFAULT_LIMIT,
      cursor: optional(parameters, 'cursor'),
    },
  }),
  result: messagesOf,
};
