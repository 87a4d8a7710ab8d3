import { primaryKey } from 'drizzle-orm/pg-core';
import { auditSealColumns } from '../audit-seal-columns.ts';
import { hub } from './schema.ts';

/** Written by `hub.seal_audit` alone. */
export const hubAuditSeals = hub.table('audit_seals', auditSealColumns(), (table) => [
  primaryKey({ columns: [table.orgId, table.block] }),
]);
