import { z } from 'zod';
import { personOf } from '../../platform/http/access.ts';
import type { App } from '../../platform/http/server.ts';
import { scopeOf } from '../http/scope.ts';
import type { Cursors } from '../../platform/http/page.ts';
import type { ConnectHubClient } from '../connecthub/client.ts';
import { idempotencyHeaders } from '../http/headers.ts';
import { idempotencyKeyOf } from '../http/idempotency.ts';
import { createCheckParameters } from './check-parameters.ts';
import { approveBody, decideApproval, rejectBody } from './decide.ts';
import { decidedMany, decideMany, decideManyBody, type DecideManyDeps } from './decide-many.ts';
import { findApproval } from './find.ts';
import { approvalPage, listApprovals, listApprovalsQuery } from './list.ts';
import { approvalView, toApprovalView } from './views.ts';

const params = z.strictObject({ approval_id: z.uuid() });
const tags = ['approvals'];

export interface ApprovalRouteDeps extends DecideManyDeps {
  cursors: Cursors;
  connecthub: Pick<ConnectHubClient, 'catalogue'>;
}

export function approvalRoutes(app: App, deps: ApprovalRouteDeps): void {
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
      return toApprovalView(await deps.db.withOrgRead(scope, (tx) => findApproval(tx, request.params.approval_id)), deps.ui);
    },
  );

  app.post(
    '/v1/approvals/:approval_id/approve',
    {
      config: decide,
      schema: {
        tags,
        summary: 'Approve it, once; with `parameters`: as edited',
        description:
          'Lets exactly the call go out that the approval shows. With `parameters` the call is made with those instead: they ' +
          'are bound to a digest of their own, and grants, policy and limits are decided anew about them, so that an edit ' +
          'never allows what would not be allowed. With `stands`, nothing goes out: what stands is the result.',
        params,
        body: approveBody.optional(),
        response: { 200: approvalView },
      },
    },
    async (request) => {
      const { approval_id: approvalId } = request.params;
      const { reason, parameters } = request.body ?? {};
      const check = createCheckParameters(deps.connecthub, request.bearer ?? '');
      const edit = parameters && { edit: { parameters, check } };
      const asked = { approvalId, person: personOf(request), decision: 'approved' as const, reason, ...edit };
      return toApprovalView(await decideApproval(deps, scopeOf(request), asked), deps.ui);
    },
  );

  app.post(
    '/v1/approvals/:approval_id/reject',
    {
      config: decide,
      schema: { tags, summary: 'Reject it, once', params, body: rejectBody.optional(), response: { 200: approvalView } },
    },
    async (request) => {
      const { approval_id: approvalId } = request.params;
      const asked = { approvalId, person: personOf(request), decision: 'rejected' as const, reason: request.body?.reason };
      return toApprovalView(await decideApproval(deps, scopeOf(request), asked), deps.ui);
    },
  );

  app.post(
    '/v1/approvals/decide',
    {
      config: decide,
      schema: {
        tags,
        summary: 'Decide many at once',
        description: 'Each stands alone and has an answer of its own, in the order of the request: look at every `status`.',
        headers: idempotencyHeaders,
        body: decideManyBody,
        response: { 200: decidedMany },
      },
    },
    async (request) => {
      const key = idempotencyKeyOf(request);
      const check = createCheckParameters(deps.connecthub, request.bearer ?? '');
      const asked = { key, person: personOf(request), body: request.body, check };
      return decidedMany.parse((await decideMany(deps, scopeOf(request), asked)).body);
    },
  );
}
