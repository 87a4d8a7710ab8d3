import type { FastifyRequest } from 'fastify';
import { ClancyError } from '../../contracts/errors.ts';
import type { App } from '../../platform/http/server.ts';

/** A body that has not come by then is no longer waited for: 25 MB at 3 Mbit/s. */
const BODY_WITHIN_MS = 70_000;

/** Leaves the bodies of a scope's routes unread and of any type, for {@link bodyOf}. */
export function leaveBodiesUnread(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

/**
 * The announced length of a body that may be this long.
 * @throws ClancyError `invalid_request` without a length, `payload_too_large`
 */
export function lengthOf(request: Pick<FastifyRequest, 'headers'>, maxBytes: number): number {
  const text = request.headers['content-length'];
  if (text === undefined || !/^\d{1,12}$/.test(text)) {
    throw new ClancyError('invalid_request', 'The length of the body must be known before it comes.', {
      next: 'Send the header Content-Length, as most clients do for a file.',
    });
  }
  const length = Number(text);
  if (length > maxBytes)
    throw new ClancyError('payload_too_large', `The body has ${length} bytes, and ${maxBytes} is the limit.`);
  return length;
}

/**
 * The body as it comes. The request stays open when it is given up, so that the answer can still be sent.
 * @throws ClancyError `timed_out` when it comes too slowly, `invalid_request` when it breaks off.
 */
export async function* bodyOf({ raw }: Pick<FastifyRequest, 'raw'>, withinMs = BODY_WITHIN_MS): AsyncGenerator<Buffer> {
  const pieces = raw.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  const late = timer(withinMs);
  try {
    for (;;) {
      const next = await Promise.race([pieces.next(), late.over]);
      if (next === 'over') throw new ClancyError('timed_out', 'The body came too slowly.');
      if (next.done) return;
      yield next.value;
    }
  } catch (cause) {
    if (cause instanceof ClancyError) throw cause;
    throw new ClancyError('invalid_request', 'The body broke off.', { cause });
  } finally {
    late.stop();
  }
}

function timer(ms: number): { over: Promise<'over'>; stop: () => void } {
  let stop = (): void => undefined;
  const over = new Promise<'over'>((resolve) => {
    const running = setTimeout(() => resolve('over'), ms);
    stop = () => clearTimeout(running);
  });
  return { over, stop };
}
