import { supervisorPolicySchema } from '../../contracts/trigger.ts';
import type { CoreDatabase } from '../../db/client.ts';
import { personOf } from '../../platform/http/access.ts';
import type { Cursors } from '../../platform/http/page.ts';
import type { App } from '../../platform/http/server.ts';
import { scopeOf } from '../http/scope.ts';
import { listSubscriptions, listSubscriptionsQuery, subscriptionPage } from './list-subscriptions.ts';
import { readSupervisorPolicy, setSupervisorPolicy } from './policy.ts';

export interface SupervisorRouteDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>;
  cursors: Cursors;
}

const tags = ['triggers'];

/** Whoever puts employees to work says what happens where several fit. */
export function supervisorRoutes(app: App, deps: SupervisorRouteDeps): void {
  const read = { access: { principal: 'person', permission: 'runs.read' } } as const;
  const write = { access: { principal: 'person', permission: 'employees.activate' } } as const;

  app.get(
    '/v1/subscriptions',
    {
      config: read,
      schema: {
        tags,
        summary: 'List which events start which employees',
        querystring: listSubscriptionsQuery,
        response: { 200: subscriptionPage },
      },
    },
    async (request) => listSubscriptions(deps, personOf(request).orgId, request.query),
  );

  app.get(
    '/v1/supervisor',
    {
      config: read,
      schema: { tags, summary: 'Show what happens where several employees fit', response: { 200: supervisorPolicySchema } },
    },
    async (request) => deps.db.withOrgRead({ orgId: personOf(request).orgId }, readSupervisorPolicy),
  );

  app.put(
    '/v1/supervisor',
    {
      config: write,
      schema: {
        tags,
        summary: 'Say what happens where several employees fit',
        body: supervisorPolicySchema,
        response: { 200: supervisorPolicySchema },
      },
    },
    async (request) => setSupervisorPolicy(deps, scopeOf(request), request.body),
  );
}
