import { z } from 'zod';
import type { HubDatabase } from '../../db/client.ts';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { createCursors, pageQuery, pageSchema } from '../../platform/http/page.ts';
import { assertNotImpersonated, scopeOfPerson } from '../http/scope.ts';
import { disconnect } from './disconnect.ts';
import type { EndGrantDeps } from './end-grant.ts';
import { connectionSchema, listConnections } from './list.ts';

export interface ConnectionDeps extends EndGrantDeps {
  database: HubDatabase;
  cursorSecret: Buffer;
}

export function connectionRoutes(app: App, deps: ConnectionDeps): void {
  const cursors = createCursors(deps.cursorSecret);
  app.get(
    '/connections',
    {
      config: { access: { principal: 'person', permission: 'connections.read' } },
      schema: {
        summary: "The organisation's connections",
        tags: ['connections'],
        querystring: z.strictObject(pageQuery),
        response: { 200: pageSchema(connectionSchema) },
      },
    },
    async (request) => listConnections(deps.database, cursors, scopeOfPerson(request).orgId, request.query),
  );
  app.delete(
    '/connections/:connection_id',
    {
      config: { access: { principal: 'person', permission: 'connections.write' } },
      schema: {
        summary: 'Disconnect: ends the grant at the provider and erases the tokens',
        tags: ['connections'],
        params: z.strictObject({ connection_id: z.string().max(64) }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      assertNotImpersonated(personOf(request));
      await disconnect(deps, scopeOfPerson(request), request.params.connection_id);
      return reply.status(204).send(null);
    },
  );
}
