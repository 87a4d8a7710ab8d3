import type { JsonObject } from '../../../contracts/json.ts';
import type { EffectCapability, RequestContext } from '../definition.ts';
import { findMarked, marker } from './marker.ts';
import { withChannelId, withDirectChannel } from './resolve.ts';
import { CHANNEL_PARAMETER, objectSchema, POSTED, TEXT_PARAMETER, TS_PARAMETER } from './schemas.ts';
import { optional, text } from './wire.ts';

/** Slack answers a post within a second; what takes eight is lost. */
const TIMEOUT_MS = 8_000;
/** A post that was on its way shows in the history well within it. */
const SETTLE_MS = 3_000;

const postMessage = {
  timeoutMs: TIMEOUT_MS,
  settleMs: SETTLE_MS,
  // https://docs.slack.dev/reference/methods/chat.postMessage
  request: (parameters: JsonObject, { nativeKey }: RequestContext) => ({
    method: 'chat.postMessage',
    args: {
      channel: text(parameters, 'channel'),
      text: text(parameters, 'text'),
      thread_ts: optional(parameters, 'thread_ts'),
      metadata: marker(nativeKey),
    },
  }),
  result: (body: JsonObject) => ({ channel: body['channel'] ?? null, ts: body['ts'] ?? null }),
  effectId: (result: JsonObject) => `${text(result, 'channel')}/${text(result, 'ts')}`,
  outputSchema: POSTED,
};

export const slackPost: EffectCapability = {
  ...postMessage,
  capability: 'slack.post',
  version: 1,
  title: 'Post a message',
  description: 'Posts a message in a channel, or a reply in a thread.',
  permission: 'slack.write',
  risk: 'write',
  scopes: ['chat:write'],
  summaryParameter: 'channel',
  inputSchema: objectSchema({ channel: CHANNEL_PARAMETER, text: TEXT_PARAMETER, thread_ts: TS_PARAMETER }, ['channel', 'text']),
  lookup: {
    scopes: ['channels:history', 'channels:read'],
    find: async (parameters, context) => findMarked(await withChannelId(parameters, context.reader), context),
  },
};

export const slackDm: EffectCapability = {
  ...postMessage,
  capability: 'slack.dm',
  version: 1,
  title: 'Message one person',
  description: 'Sends a direct message to one person.',
  permission: 'slack.write',
  risk: 'write',
  scopes: ['chat:write', 'im:write', 'users:read'],
  optionalScopes: ['users:read.email'],
  summaryParameter: 'user',
  inputSchema: objectSchema(
    {
      user: {
        type: 'string',
        maxLength: 254,
        pattern: '^(@[^\\s@#]+|[^\\s@]+@[^\\s@]+|[UW][A-Z0-9]{2,31})$',
        description: 'Who: a user id, @name or an email address.',
      },
      text: TEXT_PARAMETER,
    },
    ['user', 'text'],
  ),
  prepare: withDirectChannel,
  lookup: { scopes: ['im:history'], find: findMarked },
};
