import { z } from 'zod';
import { personOf } from '../../../platform/http/access.ts';
import type { App } from '../../../platform/http/server.ts';
import { findRun } from '../find.ts';
import { runIdSchema } from '../views.ts';
import { decodeCursor } from './cursor.ts';
import { toSse } from './sse.ts';
import { watchRun, type WatchDeps } from './watch.ts';

/** A stream must not outlive the token that opened it by much; the client takes it up again with a fresh one. */
const MAX_STREAM_MS = 10 * 60_000;

/** `GET /v1/runs/{run_id}/events`: progress as it happens. */
export function runEventRoutes(app: App, deps: WatchDeps): void {
  const open = new Set<AbortController>();
  app.addHook('preClose', async () => {
    for (const stop of open) stop.abort();
  });

  app.get(
    '/v1/runs/:run_id/events',
    {
      config: { access: { principal: 'person', permission: 'runs.read' } },
      schema: {
        tags: ['runs'],
        summary: "A run's events as they happen (Server-Sent Events); Last-Event-ID resumes on any copy",
        params: z.strictObject({ run_id: runIdSchema }),
        headers: z.looseObject({ 'last-event-id': z.string().max(200_000).optional() }),
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const cursor = decodeCursor(request.headers['last-event-id']);
      const run = await deps.db.withOrgRead(personOf(request), (tx) => findRun(tx, request.params.run_id));
      const stop = new AbortController();
      const limit = setTimeout(() => stop.abort(), MAX_STREAM_MS);
      open.add(stop);
      stop.signal.addEventListener('abort', () => (clearTimeout(limit), open.delete(stop)), { once: true });
      const onError = (error: unknown) => request.log.warn({ err: error, run_id: run.runId }, 'a stream broke off');
      const stream = toSse(watchRun(deps, run, cursor, stop.signal), { stop, onError });
      return reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no').type('text/event-stream').send(stream);
    },
  );
}
