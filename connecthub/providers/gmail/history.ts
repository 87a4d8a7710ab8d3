import { z } from 'zod';
import type { Fetched, FetchContext, WebhookEvent } from '../../webhooks/definition.ts';
import { cutText, present } from '../../webhooks/cut.ts';
import type { ProviderReader } from '../definition.ts';
import { readBody } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';
import { addressesOf, foundSchema, headerOf, messageSchema, type Message } from './wire.ts';

const idText = z.union([z.string().regex(/^\d{1,20}$/), z.int().positive()]).transform(String);
/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.history/list: oldest first. */
const historySchema = z.looseObject({
  history: z
    .array(
      z.looseObject({
        id: idText,
        messagesAdded: z.array(z.looseObject({ message: z.looseObject({ id: z.string() }) })).default([]),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
  historyId: idText,
});
const profileSchema = z.looseObject({ historyId: idText });

/** Records in one go: each mail of them is read. */
const PAGE = 25;
const MAX_EMPTY_PAGES = 10;
/** How many of the newest mails are looked at where the history does not reach back far enough. */
const RESYNC = 50;
const MAX_SUBJECT = 500;
const MAX_ADDRESSES = 20;

/**
 * The mails that came since the cursor. Where Google no longer knows it (404: about a week old), the newest mails of the
 * inbox are looked at instead: those that were told before are known by their ids.
 */
export async function fetchMail(context: FetchContext): Promise<Fetched> {
  try {
    return await readHistory(context);
  } catch (error) {
    const isTooOld =
      error instanceof ProviderRefusal && (error.refusal.reason === 'not_found' || error.refusal.reason === 'http_404');
    if (!isTooOld) throw error;
    return resync(context);
  }
}

async function readHistory(context: FetchContext): Promise<Fetched> {
  const { cursor } = context;
  const { history, nextPageToken, historyId } = await firstRecords(context);
  const ids = history.flatMap(({ messagesAdded }) => messagesAdded.map(({ message }) => message.id));
  const events = await eventsOf(context, ids);
  const last = history.at(-1)?.id;
  // What is left begins behind the last record; with nothing left, all that the mailbox has been through is read.
  const more = nextPageToken !== undefined && last !== undefined && isBehind(cursor, last);
  const next = more ? last : historyId;
  return { events, cursor: isBehind(next, cursor) ? cursor : next, more };
}

/** A page may be empty although others follow it. */
async function firstRecords({ reader, cursor }: FetchContext): Promise<z.infer<typeof historySchema>> {
  const args = { startHistoryId: cursor, historyTypes: 'messageAdded', labelId: 'INBOX', maxResults: PAGE };
  let page = readBody(historySchema, await reader.read('history', args));
  for (let n = 1; n < MAX_EMPTY_PAGES && page.history.length === 0 && page.nextPageToken !== undefined; n += 1) {
    page = readBody(historySchema, await reader.read('history', { ...args, pageToken: page.nextPageToken }));
  }
  return page;
}

/** Where the mailbox stands is asked first: what comes meanwhile is read twice rather than never. */
async function resync(context: FetchContext): Promise<Fetched> {
  const { reader } = context;
  const { historyId } = readBody(profileSchema, await reader.read('profile', {}));
  const { messages } = readBody(foundSchema, await reader.read('messages', { q: 'in:inbox', maxResults: RESYNC }));
  const events = await eventsOf(context, messages.map(({ id }) => id).toReversed());
  return { events, cursor: historyId, more: false };
}

async function eventsOf({ reader, accountId, since }: FetchContext, ids: readonly string[]): Promise<WebhookEvent[]> {
  const events: WebhookEvent[] = [];
  for (const id of new Set(ids)) {
    const message = await readMessage(reader, id);
    if (message && isNews(message, since)) events.push(toEvent(message, accountId));
  }
  return events;
}

/** Its headers and the first words, not the mail. Undefined: it was deleted meanwhile. */
async function readMessage(reader: ProviderReader, id: string): Promise<Message | undefined> {
  try {
    return readBody(messageSchema, await reader.read(`messages/${encodeURIComponent(id)}`, { format: 'metadata' }));
  } catch (error) {
    if (error instanceof ProviderRefusal && (error.refusal.reason === 'not_found' || error.refusal.reason === 'http_404'))
      return undefined;
    throw error;
  }
}

/** What we sent ourselves comes back to us where it was sent to the own address: no news. */
function isNews({ labelIds, internalDate }: Message, since: Date): boolean {
  const isIncoming = labelIds.includes('INBOX') && !labelIds.includes('SENT') && !labelIds.includes('DRAFT');
  return isIncoming && Number(internalDate) >= since.getTime();
}

function toEvent(message: Message, accountId: string): WebhookEvent {
  const { id, threadId, labelIds, snippet, internalDate } = message;
  const [from] = addressesOf(message, 'from');
  const subject = cutText(headerOf(message, 'subject'), MAX_SUBJECT);
  const text = [subject, snippet].filter((part) => part !== '').join('\n');
  return {
    accounts: [accountId],
    externalId: `${accountId}/${id}`,
    type: 'gmail.message',
    occurredAt: new Date(Number(internalDate)),
    payload: present({
      message_id: id,
      thread_id: threadId,
      from: from?.address,
      from_name: from?.name,
      to: addressesOf(message, 'to')
        .slice(0, MAX_ADDRESSES)
        .map(({ address }) => address),
      subject,
      snippet,
      labels: labelIds.slice(0, MAX_ADDRESSES),
    }),
    ...(text !== '' && { text }),
  };
}

/** Both are numbers too long to be one. */
function isBehind(one: string, other: string): boolean {
  return BigInt(one) < BigInt(other);
}
