import { z } from 'zod';
import type { CompletionDefinition } from '../../../webhooks/definition.ts';
import { readBody } from '../../parameters.ts';
import { channelSchema } from '../wire.ts';

const infoSchema = z.looseObject({ channel: channelSchema });

/**
 * Slack's events name channels by id, and people subscribe by name.
 * https://docs.slack.dev/reference/methods/conversations.info
 */
export const channelName: CompletionDefinition = {
  from: 'channel',
  to: 'channel_name',
  read: async (channel, reader) => readBody(infoSchema, await reader.read('conversations.info', { channel })).channel.name,
};
