import { coreAudit } from '../schema/core/audit.ts';
import { coreAuditSeals } from '../schema/core/audit-seals.ts';
import { hubAudit } from '../schema/hub/audit.ts';
import { hubAuditSeals } from '../schema/hub/audit-seals.ts';
import type { AuditLog } from './read-audit.ts';

export const CORE_AUDIT: AuditLog = { schema: 'core', rows: coreAudit, seals: coreAuditSeals };
export const HUB_AUDIT: AuditLog = { schema: 'hub', rows: hubAudit, seals: hubAuditSeals };
