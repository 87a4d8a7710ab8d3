import type { JsonObject } from '../../../contracts/json.ts';

/** Pieces of the JSON Schemas (2020-12) of Slack's capabilities. */

export function objectSchema(properties: JsonObject, required: string[]): JsonObject {
  return { type: 'object', properties, required, additionalProperties: false };
}

export const CHANNEL_PARAMETER: JsonObject = {
  type: 'string',
  minLength: 1,
  maxLength: 81,
  pattern: '^(#[^\\s#@]+|[A-Z0-9]{2,32})$',
  description: 'A channel: #name or its id.',
};
export const TS_PARAMETER: JsonObject = {
  type: 'string',
  pattern: '^\\d{1,12}\\.\\d{6}$',
  description: "A message's ts, such as 1718000000.000100.",
};
/** https://docs.slack.dev/reference/methods/chat.postMessage: 40,000 characters. */
export const TEXT_PARAMETER: JsonObject = {
  type: 'string',
  minLength: 1,
  maxLength: 40_000,
  description: "The message, in Slack's mrkdwn.",
};
export const CURSOR_PARAMETER: JsonObject = { type: 'string', maxLength: 500, description: 'next_cursor of the page before.' };

export function limitParameter(maximum: number, byDefault: number): JsonObject {
  return { type: 'integer', minimum: 1, maximum, default: byDefault, description: `How many; ${byDefault} when absent.` };
}

const MESSAGE: JsonObject = objectSchema(
  {
    ts: { type: 'string' },
    user: { type: 'string' },
    text: { type: 'string' },
    thread_ts: { type: 'string' },
    reply_count: { type: 'integer' },
  },
  ['ts', 'user', 'text'],
);

export const MESSAGES: JsonObject = { type: 'array', items: MESSAGE };
export const NEXT_CURSOR: JsonObject = { type: 'string', description: 'Present when there is another page.' };
/** Result of what posts a message. */
export const POSTED: JsonObject = objectSchema({ channel: { type: 'string' }, ts: { type: 'string' } }, ['channel', 'ts']);
