import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';

/** Proxies close silent connections after about half a minute. */
const HEARTBEAT_MS = 15_000;
/** What a client waits before it reconnects. */
const RETRY_MS = 1_000;

/** A message of a stream: `id` is where a reader goes on behind it. */
export interface SseMessage {
  id: string;
  event: object;
}

export interface SseOptions {
  /** What its messages are called (`event:`). */
  name?: string;
  heartbeatMs?: number;
  onError: (error: unknown) => void;
  /** Ends the stream in the middle; the client resumes by the id of its last event. */
  stop: AbortController;
}

/**
 * Events as a Server-Sent Events stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). Slow readers
 * hold back the source; a reader that leaves stops it.
 */
export function toSse(events: AsyncIterable<SseMessage>, options: SseOptions): Readable {
  const { stop, name = 'agentEvent', heartbeatMs = HEARTBEAT_MS } = options;
  const stream = new PassThrough();
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), heartbeatMs);
  stream.on('close', () => {
    clearInterval(heartbeat);
    stop.abort();
  });
  stream.write(`retry: ${RETRY_MS}\n\n`);
  void pump(events, name, stream, stop.signal)
    .catch((error: unknown) => {
      if (!stop.signal.aborted) options.onError(error);
    })
    .finally(() => stream.end());
  return stream;
}

async function pump(events: AsyncIterable<SseMessage>, name: string, stream: PassThrough, signal: AbortSignal): Promise<void> {
  for await (const { id, event } of events) {
    if (signal.aborted) return;
    const hasRoom = stream.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(event)}\n\n`);
    if (!hasRoom) await once(stream, 'drain', { signal });
  }
}
