import { auditPage, listAudit, listAuditQuery, listSeals, listSealsQuery, sealsPage } from '../../db/audit/list-audit.ts';
import { CORE_AUDIT } from '../../db/audit/logs.ts';
import type { CoreDatabase } from '../../db/client.ts';
import { personOf } from '../../platform/http/access.ts';
import type { Cursors } from '../../platform/http/page.ts';
import type { App } from '../../platform/http/server.ts';

const tags = ['audit'];
const config = { access: { principal: 'person', permission: 'audit.read' } } as const;

/** Agent-Core's audit. That of calls and connections is ConnectHub's own: neither service reads the other's. */
export function auditRoutes(app: App, deps: { db: Pick<CoreDatabase, 'withOrgRead'>; cursors: Cursors }): void {
  const lists = { ...deps, log: CORE_AUDIT };
  app.get(
    '/v1/audit',
    {
      config,
      schema: {
        tags,
        summary: 'Who did what to which object, and whether it was allowed',
        description: 'Connections, calls and receipts have their audit at ConnectHub: `GET /audit` there, in the same form.',
        querystring: listAuditQuery,
        response: { 200: auditPage },
      },
    },
    async (request) => listAudit(lists, personOf(request).orgId, request.query),
  );

  app.get(
    '/v1/audit/seals',
    {
      config,
      schema: {
        tags,
        summary: 'The chain of hashes over the audit, the first seals first',
        description:
          'A seal covers all entries with `from_at < at <= to_at` and names the hash of the seal before. Its `hash` is the SHA-256 of ' +
          'the canonical JSON (RFC 8785) of `{ block, from_at, to_at, rows, previous, entries }`; `entries` are the SHA-256 of the ' +
          'canonical JSON of each entry as `GET /v1/audit` shows it, by `at` and `audit_id`. Entries are sealed some minutes after ' +
          'their time. `clancy audit verify` computes all of it anew.',
        querystring: listSealsQuery,
        response: { 200: sealsPage },
      },
    },
    async (request) => listSeals(lists, personOf(request).orgId, request.query),
  );
}
