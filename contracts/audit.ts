import { z } from 'zod';
import { canonicalHash } from './digest.ts';
import { jsonObjectSchema } from './json.ts';

/** Who did what to which object, from where, and whether it was allowed: a row of the audit as it is shown and sealed. */
export const auditEntrySchema = z.strictObject({
  audit_id: z.uuid(),
  at: z.iso.datetime(),
  actor_type: z.enum(['person', 'agent', 'service', 'system']),
  actor_id: z.string(),
  action: z.string().describe('<noun>.<verb>, such as employee.activate'),
  object_type: z.string(),
  object_id: z.string(),
  source: z.string().describe('address of the caller, or the process for work that nobody asked for over HTTP'),
  allowed: z.boolean(),
  details: jsonObjectSchema,
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** What a list of the audit may be narrowed to. */
export const auditFilters = {
  actor_id: z.string().max(200).optional(),
  action: z
    .string()
    .max(100)
    .regex(/^[a-z0-9_]+(\.[a-z0-9_]+)*(\.\*)?$/, 'an action such as run.start, or run.* for all of a noun')
    .optional()
    .describe('run.start, or run.* for all of a noun'),
  object_type: z.string().max(100).optional(),
  object_id: z.string().max(500).optional(),
  allowed: z.enum(['true', 'false']).optional().describe('false: what was refused'),
  since: z.iso.datetime({ offset: true }).optional().describe('not before this instant'),
  until: z.iso.datetime({ offset: true }).optional().describe('not after this instant'),
  order: z.enum(['asc', 'desc']).default('desc').describe('desc: the newest first'),
};

/** A link of the chain: covers all entries with `from_at < at <= to_at`. */
export const auditSealSchema = z.strictObject({
  block: z.int().min(1).describe('1, 2, 3 ... in the organisation'),
  from_at: z.iso.datetime().nullable().describe('null in the first'),
  to_at: z.iso.datetime(),
  rows: z.int().min(0),
  previous: z.string().describe('hash of the seal before; zeros in the first'),
  hash: z.string().describe('SHA-256 (hex) over this seal without its hash and over its entries'),
});
export type AuditSeal = z.infer<typeof auditSealSchema>;

/** `previous` of the first seal. */
export const NO_SEAL = '0'.repeat(64);

/**
 * The hash of a seal: SHA-256 of the canonical JSON (RFC 8785) of the seal without its hash, and of the SHA-256 of the
 * canonical JSON of each entry as `GET /v1/audit` shows it, by `at` and then `audit_id`. Whoever has the entries can compute it.
 */
export function auditSealHash(seal: Omit<AuditSeal, 'hash'>, entries: readonly AuditEntry[]): string {
  const { block, from_at, to_at, rows, previous } = seal;
  return canonicalHash({ block, from_at, to_at, rows, previous, entries: entries.map((entry) => canonicalHash(entry)) });
}
