import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { exchange, refusalOf, urlOf, type Service } from './http.ts';
import { UnreachableError } from './problem-error.ts';

export interface StreamRequest {
  readonly path: string;
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Larger than any event that fits a Temporal payload; a stream that never ends a line ends here. */
const MAX_EVENT_CHARACTERS = 4 * 1024 * 1024;

/**
 * One connection of a Server-Sent Events stream (https://html.spec.whatwg.org/multipage/server-sent-events.html), up to
 * its end. A reader that stops early closes the connection.
 *
 * @throws ProblemError when the service refused, UnreachableError when it cannot be reached or the connection broke.
 */
export async function* openEventStream(service: Service, request: StreamRequest): AsyncGenerator<EventSourceMessage> {
  const ending = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, ending.signal]) : ending.signal;
  const response = await connect(service, request, signal);
  try {
    if (response.body) yield* messagesOf(response.url, response.body, signal);
  } finally {
    ending.abort();
  }
}

async function connect(service: Service, request: StreamRequest, signal: AbortSignal): Promise<Response> {
  const headers = {
    accept: 'text/event-stream',
    authorization: `Bearer ${await service.token()}`,
    ...(request.lastEventId !== undefined && { 'last-event-id': request.lastEventId }),
  };
  const response = await exchange(service.fetch, urlOf(service.baseUrl, request.path, {}), {
    headers,
    redirect: 'error',
    signal,
  });
  if (!response.ok) throw await refusalOf(response);
  return response;
}

async function* messagesOf(
  url: string,
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<EventSourceMessage> {
  const decoder = new TextDecoder();
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => arrived.push(message), maxBufferSize: MAX_EVENT_CHARACTERS });
  const chunks = body[Symbol.asyncIterator]();
  for (;;) {
    const chunk = await nextChunk(url, chunks, signal);
    if (chunk.done === true) return;
    parser.feed(decoder.decode(chunk.value, { stream: true }));
    yield* arrived.splice(0);
  }
}

async function nextChunk(url: string, chunks: AsyncIterator<Uint8Array>, signal: AbortSignal) {
  try {
    return await chunks.next();
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new UnreachableError(url, 'broke the connection.', cause);
  }
}
