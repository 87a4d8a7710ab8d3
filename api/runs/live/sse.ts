import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import type { CursoredEvent } from './follow.ts';

/** Proxies close silent connections after about half a minute. */
const HEARTBEAT_MS = 15_000;
/** What a client waits before it reconnects. */
const RETRY_MS = 1_000;

export interface SseOptions {
  heartbeatMs?: number;
  onError: (error: unknown) => void;
  /** Ends the stream in the middle; the client resumes by the id of its last event. */
  stop: AbortController;
}

/**
 * Events as a Server-Sent Events stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). Slow readers
 * hold back the source; a reader that leaves stops it.
 */
export function toSse(events: AsyncIterable<CursoredEvent>, options: SseOptions): Readable {
  const { stop, heartbeatMs = HEARTBEAT_MS } = options;
  const stream = new PassThrough();
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), heartbeatMs);
  stream.on('close', () => {
    clearInterval(heartbeat);
    stop.abort();
  });
  stream.write(`retry: ${RETRY_MS}\n\n`);
  void pump(events, stream, stop.signal)
    .catch((error: unknown) => {
      if (!stop.signal.aborted) options.onError(error);
    })
    .finally(() => stream.end());
  return stream;
}

async function pump(events: AsyncIterable<CursoredEvent>, stream: PassThrough, signal: AbortSignal): Promise<void> {
  for await (const { id, event } of events) {
    if (signal.aborted) return;
    const hasRoom = stream.write(`id: ${id}\nevent: agentEvent\ndata: ${JSON.stringify(event)}\n\n`);
    if (!hasRoom) await once(stream, 'drain', { signal });
  }
}
