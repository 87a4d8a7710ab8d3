import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { assertNotImpersonated, scopeOfPerson } from '../http/scope.ts';
import { storedOpenApiSchema } from '../openapi/stored.ts';
import { importProvider, type ImportDeps } from './import.ts';
import { removeProvider } from './remove.ts';
import { importSchema } from './request.ts';
import { findOwn, findVersion, listOwn, type OwnRow } from './store.ts';
import { storedMcpSchema } from '../mcp/stored.ts';
import { mcpProviderSchema, toMcpView } from '../mcp/views.ts';
import { importedSchema, ownProviderSchema, toView } from './views.ts';

const anyProviderSchema = z.discriminatedUnion('kind', [ownProviderSchema, mcpProviderSchema]);
const params = z.strictObject({ provider: z.string().max(40) });
/** Of an inline document; five megabytes of it, and what stands round it. */
const BODY_LIMIT_BYTES = 6 * 1024 * 1024;

/** Providers of an organisation's own, as its managers bring them along. */
export function ownProviderRoutes(app: App, deps: ImportDeps): void {
  app.post(
    '/providers',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      config: { access: { principal: 'person', permission: 'connections.write' } },
      schema: {
        summary: 'Import a provider from an OpenAPI document, or see what that would come to',
        tags: ['providers'],
        body: importSchema,
        response: { 200: importedSchema, 201: importedSchema },
      },
    },
    async (request, reply) => {
      assertNotImpersonated(personOf(request));
      const imported = await importProvider(deps, scopeOfPerson(request), request.body);
      const view = { ...toView(imported.id, imported, imported.leftOut), outcome: imported.outcome };
      return reply.status(imported.outcome === 'new' ? 201 : 200).send(view);
    },
  );
  app.get(
    '/providers',
    {
      config: { access: { principal: 'person', permission: 'connections.read' } },
      schema: {
        summary: "The organisation's own providers (not paged: there are 50 at most)",
        tags: ['providers'],
        response: { 200: z.strictObject({ items: z.array(anyProviderSchema) }) },
      },
    },
    async (request) => {
      const { orgId } = scopeOfPerson(request);
      const items = await deps.database.withOrgRead({ orgId }, async (tx) => {
        const rows = await listOwn(tx);
        const views = [];
        for (const row of rows) views.push(await viewOf(tx, row));
        return views;
      });
      return { items };
    },
  );
  app.get(
    '/providers/:provider',
    {
      config: { access: { principal: 'person', permission: 'connections.read' } },
      schema: { summary: 'One of them', tags: ['providers'], params, response: { 200: anyProviderSchema } },
    },
    async (request) => {
      const { orgId } = scopeOfPerson(request);
      return deps.database.withOrgRead({ orgId }, async (tx) => {
        const row = await findOwn(tx, request.params.provider);
        if (!row || row.removedAt !== null) throw new ClancyError('not_found', 'There is no such provider of your organisation.');
        return viewOf(tx, row);
      });
    },
  );
  app.delete(
    '/providers/:provider',
    {
      config: { access: { principal: 'person', permission: 'connections.write' } },
      schema: {
        summary: 'Take one out of use; refused while accounts of it are connected',
        tags: ['providers'],
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      assertNotImpersonated(personOf(request));
      await removeProvider(deps.database, scopeOfPerson(request), request.params.provider);
      return reply.status(204).send(null);
    },
  );
}

async function viewOf(tx: OrgReadTx, { provider, version, kind, suspended }: OwnRow): Promise<z.infer<typeof anyProviderSchema>> {
  const found = await findVersion(tx, provider, version);
  if (!found) throw new Error('a version that is in force is not there');
  if (kind === 'mcp') {
    return toMcpView(provider, { version, digest: found.digest, stored: storedMcpSchema.parse(found.definition) }, suspended);
  }
  return toView(provider, { version, digest: found.digest, stored: storedOpenApiSchema.parse(found.definition) });
}
