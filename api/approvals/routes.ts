import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { scopeOf } from '../http/scope.ts';
import type { Cursors } from '../../platform/http/page.ts';
import { approveBody, decideApproval, type DecideDeps } from './decide.ts';
import { findApproval } from './find.ts';
import { approvalPage, listApprovals, listApprovalsQuery } from './list.ts';
import { approvalView, toApprovalView } from './views.ts';

const params = z.strictObject({ approval_id: z.uuid() });
const tags = ['approvals'];

export function approvalRoutes(app: App, deps: DecideDeps & { cursors: Cursors }): void {
  const read = { access: { principal: 'person', permission: 'approvals.read' } } as const;
  const decide = { access: { principal: 'person', permission: 'approvals.decide' } } as const;

  app.get(
    '/v1/approvals',
    {
      config: read,
      schema: { tags, summary: 'List approvals', querystring: listApprovalsQuery, response: { 200: approvalPage } },
    },
    async (request) => listApprovals(deps, personOf(request).orgId, request.query),
  );

  app.get(
    '/v1/approvals/:approval_id',
    {
      config: read,
      schema: { tags, summary: 'Show an approval: exactly what will run', params, response: { 200: approvalView } },
    },
    async (request) => {
      const scope = { orgId: personOf(request).orgId };
      return toApprovalView(await deps.db.withOrgRead(scope, (tx) => findApproval(tx, request.params.approval_id)));
    },
  );

  for (const [verb, decision] of [
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ] as const) {
    app.post(
      `/v1/approvals/:approval_id/${verb}`,
      {
        config: decide,
        schema: { tags, summary: `${verb} it, once`, params, body: approveBody.optional(), response: { 200: approvalView } },
      },
      async (request) => {
        const { approval_id: approvalId } = request.params;
        const asked = { approvalId, person: personOf(request), decision, reason: request.body?.reason };
        return toApprovalView(await decideApproval(deps, scopeOf(request), asked));
      },
    );
  }
}
