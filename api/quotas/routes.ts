import { z } from 'zod';
import { quotaSchema } from '../../contracts/policy.ts';
import type { CoreDatabase } from '../../db/client.ts';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { scopeOf } from '../http/scope.ts';
import { quotaEtag, quotaView, readQuota, setQuota } from './quota.ts';

const tags = ['quotas'];

export function quotaRoutes(app: App, deps: { db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'> }): void {
  app.get(
    '/v1/quotas',
    {
      config: { access: { principal: 'person', permission: 'quotas.read' } },
      schema: {
        tags,
        summary: 'What the organisation may do, all its employees together',
        description: 'How much of it is used is counted by ConnectHub, which says so when it refuses a call.',
        response: { 200: quotaView },
      },
    },
    async (request, reply) => {
      const quota = await readQuota(deps, personOf(request).orgId);
      return reply.header('etag', quotaEtag(quota)).send(quota);
    },
  );

  app.put(
    '/v1/quotas',
    {
      config: { access: { principal: 'person', permission: 'quotas.write' } },
      schema: {
        tags,
        summary: 'Set it, from the next call on',
        headers: z.looseObject({ 'if-match': z.string().optional() }),
        body: quotaSchema,
        response: { 200: quotaView },
      },
    },
    async (request, reply) => {
      const quota = await setQuota(deps, scopeOf(request), request.body, request.headers['if-match']);
      return reply.header('etag', quotaEtag(quota)).send(quota);
    },
  );
}
