import { auditPage, listAudit, listAuditQuery, listSeals, listSealsQuery, sealsPage } from '../../db/audit/list-audit.ts';
import { HUB_AUDIT } from '../../db/audit/logs.ts';
import type { HubDatabase } from '../../db/client.ts';
import { createCursors } from '../../platform/http/page.ts';
import type { App } from '../../platform/http/server.ts';
import { scopeOfPerson } from '../http/scope.ts';

const tags = ['audit'];
const config = { access: { principal: 'person', permission: 'audit.read' } } as const;

/** ConnectHub's own audit: connections, calls, receipts, and what was refused here. */
export function auditRoutes(app: App, deps: { database: HubDatabase; cursorSecret: Buffer }): void {
  const lists = { db: deps.database, cursors: createCursors(deps.cursorSecret), log: HUB_AUDIT };
  app.get(
    '/audit',
    {
      config,
      schema: {
        tags,
        summary: 'Who did what with connections and calls, and whether it was allowed',
        querystring: listAuditQuery,
        response: { 200: auditPage },
      },
    },
    async (request) => listAudit(lists, scopeOfPerson(request).orgId, request.query),
  );

  app.get(
    '/audit/seals',
    {
      config,
      schema: {
        tags,
        summary: 'The chain of hashes over it, the first seals first',
        description: "As Agent-Core's `GET /v1/audit/seals`.",
        querystring: listSealsQuery,
        response: { 200: sealsPage },
      },
    },
    async (request) => listSeals(lists, scopeOfPerson(request).orgId, request.query),
  );
}
