import { z } from 'zod';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { EffectCapability, LookupContext } from '../definition.ts';
import { withChannelId } from './resolve.ts';
import { CHANNEL_PARAMETER, objectSchema, TS_PARAMETER } from './schemas.ts';
import { reactedSchema, readBody, text } from './wire.ts';

function reacted(parameters: JsonObject): Json {
  return { channel: text(parameters, 'channel'), ts: text(parameters, 'ts'), emoji: emojiName(parameters) };
}

/** `:eyes:` and `eyes` are one. */
function emojiName(parameters: JsonObject): string {
  return text(parameters, 'emoji').replace(/^:|:$/g, '');
}

/** Our bot among those who reacted. A reaction carries no marker: who reacted with what is all there is. */
async function findReaction(parameters: JsonObject, { reader }: LookupContext): Promise<Json | undefined> {
  const self = readBody(z.looseObject({ user_id: z.string() }), await reader.read('auth.test', {}));
  const args = { channel: text(parameters, 'channel'), timestamp: text(parameters, 'ts'), full: true };
  const { message } = readBody(reactedSchema, await reader.read('reactions.get', args));
  const ours = message.reactions?.find(({ name }) => name === emojiName(parameters));
  return ours?.users.includes(self.user_id) === true ? reacted(parameters) : undefined;
}

export const slackReact: EffectCapability = {
  capability: 'slack.react',
  version: 1,
  title: 'React to a message',
  description: 'Puts an emoji reaction on a message.',
  permission: 'slack.write',
  risk: 'write',
  scopes: ['reactions:write', 'channels:read'],
  timeoutMs: 8_000,
  settleMs: 3_000,
  summaryParameter: 'emoji',
  inputSchema: objectSchema(
    {
      channel: CHANNEL_PARAMETER,
      ts: TS_PARAMETER,
      emoji: { type: 'string', pattern: "^:?[a-z0-9_+'-]{1,100}:?$", description: 'Name of the emoji, such as eyes.' },
    },
    ['channel', 'ts', 'emoji'],
  ),
  outputSchema: objectSchema({ channel: { type: 'string' }, ts: { type: 'string' }, emoji: { type: 'string' } }, [
    'channel',
    'ts',
    'emoji',
  ]),
  prepare: withChannelId,
  // https://docs.slack.dev/reference/methods/reactions.add
  request: (parameters) => ({
    method: 'reactions.add',
    args: { channel: text(parameters, 'channel'), timestamp: text(parameters, 'ts'), name: emojiName(parameters) },
  }),
  result: (_body, parameters) => reacted(parameters),
  effectId: (result) => `${text(result, 'channel')}/${text(result, 'ts')}/${text(result, 'emoji')}`,
  // A reaction is there or not: put twice it is there once, so what stands already is what was asked for.
  alreadyDone: { reasons: ['already_reacted'], result: reacted },
  lookup: { scopes: ['reactions:read'], find: findReaction },
};
