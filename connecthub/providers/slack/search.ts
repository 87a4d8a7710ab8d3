import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { ReadCapability } from '../definition.ts';
import { limitParameter, objectSchema } from './schemas.ts';
import { optional, readBody, text } from './wire.ts';

const DEFAULT_LIMIT = 20;

const foundSchema = z.looseObject({
  messages: z.looseObject({
    total: z.int().optional(),
    matches: z.array(
      z.looseObject({
        ts: z.string(),
        text: z.string().default(''),
        user: z.string().nullish(),
        username: z.string().nullish(),
        channel: z.looseObject({ id: z.string(), name: z.string().optional() }),
        permalink: z.string().optional(),
      }),
    ),
  }),
});

/** Slack searches for people only, in what that person may see: with the token of whoever connected the workspace. */
export const slackSearch: ReadCapability = {
  capability: 'slack.search',
  version: 1,
  title: 'Search messages',
  description: 'Searches the messages that the person who connected the workspace can see, newest first.',
  permission: 'slack.read',
  risk: 'read',
  tokenKind: 'user',
  scopes: ['search:read'],
  timeoutMs: 10_000,
  summaryParameter: 'query',
  inputSchema: objectSchema(
    {
      query: { type: 'string', minLength: 1, maxLength: 500, description: "Words, and Slack's modifiers such as in:#channel." },
      limit: limitParameter(100, DEFAULT_LIMIT),
    },
    ['query'],
  ),
  outputSchema: objectSchema(
    {
      total: { type: 'integer' },
      messages: {
        type: 'array',
        items: objectSchema(
          {
            channel: { type: 'string' },
            channel_name: { type: 'string' },
            ts: { type: 'string' },
            user: { type: 'string' },
            text: { type: 'string' },
            permalink: { type: 'string' },
          },
          ['channel', 'ts', 'user', 'text'],
        ),
      },
    },
    ['messages'],
  ),
  // https://docs.slack.dev/reference/methods/search.messages
  request: (parameters) => ({
    method: 'search.messages',
    args: {
      query: text(parameters, 'query'),
      count: optional(parameters, 'limit') ?? DEFAULT_LIMIT,
      sort: 'timestamp',
      sort_dir: 'desc',
    },
  }),
  result: (body: JsonObject) => {
    const { total, matches } = readBody(foundSchema, body).messages;
    return {
      ...(total !== undefined && { total }),
      messages: matches.map(({ ts, user, username, text: said, channel, permalink }) => ({
        channel: channel.id,
        ...(channel.name !== undefined && { channel_name: channel.name }),
        ts,
        user: user ?? username ?? '',
        text: said,
        ...(permalink !== undefined && { permalink }),
      })),
    };
  },
};
