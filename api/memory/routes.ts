import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import type { Cursors } from '../../platform/http/page.ts';
import type { App } from '../../platform/http/server.ts';
import { idempotencyHeaders } from '../http/headers.ts';
import { idempotencyKeyOf } from '../http/idempotency.ts';
import { scopeOf } from '../http/scope.ts';
import { correctMemory, correctMemoryBody, forgetMemory } from './correct.ts';
import { createdMemory, createMemory, createMemoryBody, type ChangeMemoryDeps } from './create.ts';
import { listMemory, listMemoryQuery, memoryPage } from './list.ts';
import { getMemory } from './read.ts';
import { etagOf, memoryIdSchema, memoryView } from './views.ts';

export type MemoryRouteDeps = ChangeMemoryDeps & { cursors: Cursors };

const params = z.strictObject({ memory_id: memoryIdSchema });
const ifMatch = z.looseObject({ 'if-match': z.string().optional() });
const tags = ['memory'];
const PATH = '/v1/memory/:memory_id';

/** What people see of memory, and put right. */
export function memoryRoutes(app: App, deps: MemoryRouteDeps): void {
  const read = { access: { principal: 'person', permission: 'memory.read' } } as const;
  const write = { access: { principal: 'person', permission: 'memory.write' } } as const;

  app.get(
    '/v1/memory',
    {
      config: read,
      schema: { tags, summary: 'List or search what is remembered', querystring: listMemoryQuery, response: { 200: memoryPage } },
    },
    async (request) => listMemory(deps, personOf(request).orgId, request.query),
  );

  app.post(
    '/v1/memory',
    {
      config: write,
      schema: {
        tags,
        summary: 'Have something remembered',
        headers: idempotencyHeaders,
        body: createMemoryBody,
        response: { 201: createdMemory },
      },
    },
    async (request, reply) => {
      const asked = { key: idempotencyKeyOf(request), body: request.body };
      const created = createdMemory.parse((await createMemory(deps, scopeOf(request), asked)).body);
      return reply.status(201).header('location', created.links.self).send(created);
    },
  );

  app.get(
    PATH,
    {
      config: read,
      schema: { tags, summary: 'Show something remembered, with its versions', params, response: { 200: memoryView } },
    },
    async (request, reply) => {
      const { row, view } = await getMemory(deps, personOf(request).orgId, request.params.memory_id);
      return reply.header('etag', etagOf(row)).send(view);
    },
  );

  app.patch(
    PATH,
    {
      config: write,
      schema: {
        tags,
        summary: 'Put something remembered right',
        params,
        headers: ifMatch,
        body: correctMemoryBody,
        response: { 200: memoryView },
      },
    },
    async (request, reply) => {
      const scope = scopeOf(request);
      const { memory_id: memoryId } = request.params;
      await correctMemory(deps, scope, { memoryId, ifMatch: request.headers['if-match'], body: request.body });
      const { row, view } = await getMemory(deps, scope.orgId, memoryId);
      return reply.header('etag', etagOf(row)).send(view);
    },
  );

  app.delete(
    PATH,
    {
      config: write,
      schema: { tags, summary: 'Forget something, with all its versions', params, headers: ifMatch, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const asked = { memoryId: request.params.memory_id, ifMatch: request.headers['if-match'] };
      await forgetMemory(deps, scopeOf(request), asked);
      return reply.status(204).send(null);
    },
  );
}
