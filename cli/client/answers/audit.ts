import { auditEntrySchema, auditSealSchema } from '../../../contracts/audit.ts';
import { z } from 'zod';
import { pageOf } from './page.ts';

/** Strict: what is sealed is hashed as it stands. */
export const auditPageAnswer = pageOf(auditEntrySchema);
export const auditSealsAnswer = z.looseObject({ items: z.array(auditSealSchema) });
