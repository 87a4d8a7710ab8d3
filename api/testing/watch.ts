import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { TestPerson } from './people.ts';

/** Messages of a stream up to its end, or up to `max` of them. */
export async function watch(
  url: string,
  person: TestPerson,
  runId: string,
  options: { lastEventId?: string; max?: number; onMessage?: (message: EventSourceMessage) => void } = {},
): Promise<EventSourceMessage[]> {
  const leaving = new AbortController();
  const response = await fetch(new URL(`/v1/runs/${encodeURIComponent(runId)}/events`, url), {
    headers: {
      authorization: `Bearer ${person.token}`,
      ...(options.lastEventId !== undefined && { 'last-event-id': options.lastEventId }),
    },
    signal: leaving.signal,
  });
  if (!response.ok || !response.body) throw new Error(`no stream: ${response.status} ${await response.text()}`);
  const messages: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (message) => {
      messages.push(message);
      options.onMessage?.(message);
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
    if (options.max !== undefined && messages.length >= options.max) break;
  }
  leaving.abort();
  return messages.slice(0, options.max);
}
