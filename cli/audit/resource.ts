import type { Resource } from '../resource.ts';
import { listAudit } from './list.ts';
import { verifyAudit } from './verify.ts';

export const auditResource: Resource = {
  name: 'audit',
  summary: 'see who did what, and that nobody has changed the record of it',
  verbs: [listAudit, verifyAudit],
};
