import { z } from 'zod';
import { FACT_SCHEMAS } from '../../contracts/facts.ts';
import type { CoreDatabase } from '../../db/client.ts';
import { personOf } from '../../platform/http/access.ts';
import type { Cursors } from '../../platform/http/page.ts';
import type { App } from '../../platform/http/server.ts';
import { toSse } from '../runs/live/sse.ts';
import type { FactHeads } from './fact-heads.ts';
import { followFacts, readLastEventId } from './follow-facts.ts';
import { factFilterQuery, factPage, filterOf, listFacts, listFactsQuery } from './list-facts.ts';
import { readHead } from './read-facts.ts';

/** A stream must not outlive the token that opened it by much; the client takes it up again with a fresh one. */
const MAX_STREAM_MS = 10 * 60_000;

export interface FactRouteDeps {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  cursors: Cursors;
  factHeads: FactHeads;
}

/** Each kind with what it says, for the description. */
const KINDS = Object.entries(FACT_SCHEMAS)
  .map(([kind, { about, version, data }]) => `- \`${kind}\` (${version}): ${about}. ${Object.keys(data.shape).join(', ')}`)
  .join('\n');

const tags = ['facts'];
const read = { access: { principal: 'person', permission: 'runs.read' } } as const;

/** `GET /v1/facts`, and the same as it grows. */
export function factRoutes(app: App, deps: FactRouteDeps): void {
  app.get(
    '/v1/facts',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read the FactStream: what happened in the organisation, in order',
        description:
          '`seq` counts the facts of the organisation without gaps, in the order in which they came to stand: whoever has read ' +
          'up to one goes on with `after` and misses nothing. What `data` holds:\n\n' +
          KINDS,
        querystring: listFactsQuery,
        response: { 200: factPage },
      },
    },
    async (request) => listFacts(deps, personOf(request).orgId, request.query),
  );

  const open = new Set<AbortController>();
  app.addHook('preClose', async () => {
    for (const stop of open) stop.abort();
  });

  app.get(
    '/v1/facts/events',
    {
      config: read,
      schema: {
        tags,
        summary: 'Follow the FactStream (Server-Sent Events); Last-Event-ID resumes on any copy',
        description:
          'Begins behind `Last-Event-ID`, else behind `after`, else with what happens from now on. The id of an event is its `seq`. ' +
          'A stream ends after ten minutes at the latest: take it up again.',
        querystring: z.strictObject({ ...factFilterQuery, after: listFactsQuery.shape.after }),
        headers: z.looseObject({ 'last-event-id': z.string().max(100).optional() }),
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const { orgId } = personOf(request);
      const from = readLastEventId(request.headers['last-event-id']) ?? request.query.after;
      const head = await deps.db.withOrgRead({ orgId }, readHead);
      const after = Math.min(from ?? head, head);
      const following = deps.factHeads.follow(orgId);
      const stop = new AbortController();
      const limit = setTimeout(() => stop.abort(), MAX_STREAM_MS);
      open.add(stop);
      const end = (): void => (clearTimeout(limit), following.stop(), void open.delete(stop));
      stop.signal.addEventListener('abort', end, { once: true });
      const onError = (error: unknown) => (request.log.warn({ err: error }, 'a stream of facts broke off'), stop.abort());
      const filter = filterOf(request.query);
      const stream = toSse(followFacts({ db: deps.db, following }, { orgId, after, filter }, stop.signal), {
        name: 'fact',
        stop,
        onError,
      });
      return reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no').type('text/event-stream').send(stream);
    },
  );
}
