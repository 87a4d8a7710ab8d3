import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { assertNotImpersonated, scopeOfPerson } from '../http/scope.ts';
import { importMcp } from './import.ts';
import { mcpImportSchema } from './request.ts';
import { accept, review, type ReviewDeps } from './review.ts';
import { mcpImportedSchema, reviewSchema, toMcpView, toOffered, toReview } from './views.ts';

const params = z.strictObject({ provider: z.string().max(40) });
const connectionId = z.string().min(1).max(64).optional().describe('Whose key the server is asked with; else the newest');
const acceptSchema = z.strictObject({
  connection_id: connectionId,
  accept: z
    .array(z.strictObject({ capability: z.string().max(120), digest: z.string().regex(/^[0-9a-f]{64}$/) }))
    .max(100)
    .describe('What was seen in the review: every tool that has changed'),
});

/** MCP servers of an organisation, as its managers bring them along and look after them. */
export function mcpRoutes(app: App, deps: ReviewDeps): void {
  app.post(
    '/providers/mcp',
    {
      config: { access: { principal: 'person', permission: 'connections.write' } },
      schema: {
        summary: 'Make capabilities of the tools of an MCP server, or see what that would come to',
        tags: ['providers'],
        body: mcpImportSchema,
        response: { 200: mcpImportedSchema, 201: mcpImportedSchema },
      },
    },
    async (request, reply) => {
      assertNotImpersonated(personOf(request));
      const imported = await importMcp(deps, scopeOfPerson(request), request.body);
      const view = { ...toMcpView(imported.id, imported), outcome: imported.outcome, offered: imported.offered.map(toOffered) };
      return reply.status(imported.outcome === 'new' ? 201 : 200).send(view);
    },
  );
  app.get(
    '/providers/:provider/review',
    {
      config: { access: { principal: 'person', permission: 'connections.read' } },
      schema: {
        summary: 'What an MCP server has changed since its tools were accepted',
        tags: ['providers'],
        params,
        querystring: z.strictObject({ connection_id: connectionId }),
        response: { 200: reviewSchema },
      },
    },
    async (request) => {
      const of = { provider: request.params.provider, connectionId: request.query.connection_id };
      return { items: (await review(deps, scopeOfPerson(request), of)).map(toReview) };
    },
  );
  app.post(
    '/providers/:provider/review',
    {
      config: { access: { principal: 'person', permission: 'connections.write' } },
      schema: {
        summary: 'Accept what was seen: a new version, in which nothing is suspended',
        tags: ['providers'],
        params,
        body: acceptSchema,
        response: { 200: reviewSchema },
      },
    },
    async (request) => {
      assertNotImpersonated(personOf(request));
      const { connection_id, accept: seen } = request.body;
      const of = { provider: request.params.provider, connectionId: connection_id };
      return { items: (await accept(deps, scopeOfPerson(request), of, seen)).map(toReview) };
    },
  );
}
