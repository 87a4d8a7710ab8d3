import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { catalogueSchema, riskSchema, type Catalogue } from '../../contracts/capability.ts';
import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import type { App } from '../../platform/http/server.ts';
import type { Capability, Registry } from '../providers/registry.ts';
import type { CatalogueAnswers } from './answers.ts';
import { toProviderCatalogue, type ConnectionState } from './to-catalogue.ts';

export interface CatalogueDeps {
  database: HubDatabase;
  registry: Registry;
  catalogueAnswers: CatalogueAnswers;
}

/** Each leaves out what does not fit; a provider of which nothing is left is left out too. */
const filters = z.strictObject({
  provider: z.string().max(40).optional(),
  permission: z.string().max(60).optional(),
  risk: riskSchema.optional(),
});

export function catalogueRoutes(app: App, deps: CatalogueDeps): void {
  app.get(
    '/capabilities',
    {
      config: { access: { principal: 'person_or_agent', permission: 'capabilities.read' } },
      schema: {
        summary: "What can be used, and the organisation's connections",
        tags: ['capabilities'],
        querystring: filters,
        response: { 200: catalogueSchema, 304: z.null() },
      },
    },
    async (request, reply) => {
      const principal = request.principal;
      if (!principal || principal.kind === 'service')
        throw new ClancyError('unauthenticated', 'This route is for people and employees.');
      const { orgId } = principal;
      const make = () => readCatalogue(deps, orgId, request.query);
      const { catalogue, text, etag } = await deps.catalogueAnswers.get(orgId, request.query, make);
      reply.header('etag', etag).header('cache-control', 'private, no-cache');
      if (request.headers['if-none-match'] === etag) return reply.status(304).send(null);
      // Fastify names the media type only where its own serializer writes the body.
      return reply
        .type('application/json; charset=utf-8')
        .serializer(() => text)
        .send(catalogue);
    },
  );
}

async function readCatalogue(
  { database, registry }: CatalogueDeps,
  orgId: string,
  wanted: z.infer<typeof filters>,
): Promise<Catalogue> {
  const { provider, connectionId, accountName, status, scopes } = connections;
  const rows: ConnectionState[] = await database.withOrgRead({ orgId }, (tx) =>
    tx.db
      .select({ provider, connectionId, accountName, status, scopes })
      .from(connections)
      .where(and(eq(connections.orgId, orgId), eq(connections.tokenKind, 'bot')))
      .orderBy(connections.createdAt, connectionId),
  );
  const isWanted = ({ definition, provider: of }: Capability): boolean =>
    (wanted.provider === undefined || of.definition.id === wanted.provider) &&
    (wanted.permission === undefined || definition.permission === wanted.permission) &&
    (wanted.risk === undefined || definition.risk === wanted.risk);
  const offers = await registry.of(orgId).offers();
  return {
    providers: offers.flatMap(({ provider: one, capabilities: all }) => {
      const capabilities = all.filter(isWanted);
      return capabilities.length === 0 ? [] : toProviderCatalogue(one, capabilities, rows);
    }),
  };
}
