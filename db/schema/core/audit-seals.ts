import { primaryKey } from 'drizzle-orm/pg-core';
import { auditSealColumns } from '../audit-seal-columns.ts';
import { core } from './schema.ts';

/** Written by `core.seal_audit` alone. */
export const coreAuditSeals = core.table('audit_seals', auditSealColumns(), (table) => [
  primaryKey({ columns: [table.orgId, table.block] }),
]);
