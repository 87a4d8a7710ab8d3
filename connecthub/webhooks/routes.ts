import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import { createCursors, pageQuery, pageSchema } from '../../platform/http/page.ts';
import type { App } from '../../platform/http/server.ts';
import { assertNotImpersonated, scopeOfPerson } from '../http/scope.ts';
import { eventSchema, eventStateSchema, listEvents, retryEvent } from './events.ts';
import { readReceiving, receivingSchema, setReceiving, type ReceivingDeps } from './receiving.ts';

export interface WebhookRouteDeps extends ReceivingDeps {
  cursorSecret: Buffer;
}

const connectionParams = z.strictObject({ connection_id: z.string().max(64) });

/** For people: what has come, what is parked, and which accounts are listened to. */
export function webhookRoutes(app: App, deps: WebhookRouteDeps): void {
  const cursors = createCursors(deps.cursorSecret);
  app.get(
    '/webhooks/events',
    {
      config: { access: { principal: 'person', permission: 'connections.read' } },
      schema: {
        summary: 'What providers told of the own accounts, newest first',
        tags: ['webhooks'],
        querystring: z.strictObject({
          ...pageQuery,
          state: eventStateSchema.optional(),
          provider: z.string().max(40).optional(),
        }),
        response: { 200: pageSchema(eventSchema) },
      },
    },
    async (request) => listEvents(deps.database, cursors, scopeOfPerson(request).orgId, request.query),
  );
  app.post(
    '/webhooks/events/:event_id/retry',
    {
      // It starts runs as the event would have.
      config: { access: { principal: 'person', permission: 'runs.write' } },
      schema: {
        summary: 'Send a parked event to Agent-Core again',
        tags: ['webhooks'],
        params: z.strictObject({ event_id: z.uuid() }),
        response: { 200: eventSchema },
      },
    },
    async (request) => retryEvent(deps.database, scopeOfPerson(request), request.params.event_id),
  );
  app.get(
    '/connections/:connection_id/receiving',
    {
      config: { access: { principal: 'person', permission: 'connections.read' } },
      schema: {
        summary: 'Whether what happens in the account becomes events',
        tags: ['webhooks'],
        params: connectionParams,
        response: { 200: receivingSchema },
      },
    },
    async (request) => readReceiving(deps, scopeOfPerson(request).orgId, request.params.connection_id),
  );
  app.put(
    '/connections/:connection_id/receiving',
    {
      config: { access: { principal: 'person', permission: 'connections.write' } },
      schema: {
        summary: 'Listen to an account whose provider has to be asked for it, or no longer',
        tags: ['webhooks'],
        params: connectionParams,
        body: z.strictObject({ receiving: z.boolean() }),
        response: { 200: receivingSchema },
      },
    },
    async (request) => {
      assertNotImpersonated(personOf(request));
      const { connection_id: connectionId } = request.params;
      return setReceiving(deps, scopeOfPerson(request), { connectionId, receiving: request.body.receiving });
    },
  );
}
