import type { JsonObject } from '../../../contracts/json.ts';
import type { LookupContext } from '../definition.ts';
import { ProviderRefusal } from '../refusal.ts';
import { messagesSchema, nextCursor, readBody, text, type SlackMessage } from './wire.ts';

/** `event_type` of the metadata that marks a message as made by a call. https://docs.slack.dev/messaging/message-metadata */
const EVENT_TYPE = 'clancy_call';

/** Slack's clock and the database's may differ; a message this much older than the call is still looked at. */
const CLOCK_DIFFERENCE_MS = 120_000;
const MAX_PAGES = 20;
const PAGE_SIZE = 200;

/** The `metadata` argument that lets us find the message again. */
export function marker(nativeKey: string): string {
  return JSON.stringify({ event_type: EVENT_TYPE, event_payload: { key: nativeKey } });
}

/**
 * The message with our marker in a conversation, or in a thread of it (history leaves replies out). Undefined only after
 * the last page.
 *
 * @throws ProviderRefusal when there are more pages than are read: whether the message is there stays open. Slack gives
 * some apps 15 messages a page whatever they ask for (https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps).
 */
export async function findMarked(parameters: JsonObject, context: LookupContext): Promise<JsonObject | undefined> {
  const channel = text(parameters, 'channel');
  const threadTs = text(parameters, 'thread_ts');
  const method = threadTs === '' ? 'conversations.history' : 'conversations.replies';
  const oldest = ((context.sinceMs - CLOCK_DIFFERENCE_MS) / 1_000).toFixed(6);
  const args = { channel, oldest, include_all_metadata: true, limit: PAGE_SIZE, ...(threadTs !== '' && { ts: threadTs }) };
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const body = readBody(messagesSchema, await context.reader.read(method, { ...args, cursor }));
    const found = body.messages.find((message) => isMarked(message, context.nativeKey));
    if (found) return { channel, ts: found.ts };
    cursor = nextCursor(body).next_cursor;
    if (cursor === undefined && body.has_more !== true) return undefined;
    if (cursor === undefined) break;
  }
  throw new ProviderRefusal({ code: 'provider_refused', reason: 'too_many_messages', retryable: false });
}

function isMarked({ metadata }: SlackMessage, nativeKey: string): boolean {
  return metadata?.event_type === EVENT_TYPE && metadata.event_payload['key'] === nativeKey;
}
