import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { TestPerson } from './people.ts';

interface WatchFactsOptions {
  after?: number;
  kind?: string;
  lastEventId?: string;
  max: number;
  /** The stream is open: what happens from now on is in it. */
  onOpen?: () => void;
}

/** That many messages of an organisation's FactStream. */
export async function watchFacts(url: string, person: TestPerson, options: WatchFactsOptions): Promise<EventSourceMessage[]> {
  const { max, lastEventId, onOpen, ...query } = options;
  const address = new URL('/v1/facts/events', url);
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, String(value));
  const leaving = new AbortController();
  const response = await fetch(address, {
    headers: { authorization: `Bearer ${person.token}`, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) },
    signal: leaving.signal,
  });
  if (!response.ok || !response.body) throw new Error(`no stream: ${response.status} ${await response.text()}`);
  onOpen?.();
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => void messages.push(message) });
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
    if (messages.length >= max) break;
  }
  leaving.abort();
  return messages.slice(0, max);
}
