import { auditSealHash, NO_SEAL, type AuditEntry, type AuditSeal } from '../../contracts/audit.ts';
import type { AuditClient } from '../client/audit.ts';

const PAGE = 100;

export interface ChainReport {
  seals: number;
  entries: number;
  /** Hash of the last seal; to be kept elsewhere, and given to the next verification. */
  head: string | null;
  /** Until when it is sealed. */
  until: string | null;
  /** The first that does not hold, and why. */
  broken: { block: number; why: string } | null;
  /** Whether the hash that was kept is one of the chain; null where none was given. */
  has_kept: boolean | null;
}

/** Computes the chain over an audit anew, from nothing but what the service shows of it. */
export async function verifyChain(audit: AuditClient, kept?: string): Promise<ChainReport> {
  const report: ChainReport = {
    seals: 0,
    entries: 0,
    head: null,
    until: null,
    broken: null,
    has_kept: kept === undefined ? null : false,
  };
  let last: AuditSeal | undefined;
  for (;;) {
    const { items } = await audit.seals({ after: last?.block ?? 0, limit: PAGE });
    for (const seal of items) {
      const entries = await entriesOf(audit, seal);
      const why = whyBroken(seal, last, entries);
      if (why !== undefined) return { ...report, broken: { block: seal.block, why } };
      last = seal;
      report.seals += 1;
      report.entries += entries.length;
      Object.assign(report, { head: seal.hash, until: seal.to_at, ...(seal.hash === kept && { has_kept: true }) });
    }
    if (items.length < PAGE) return report;
  }
}

function whyBroken(seal: AuditSeal, last: AuditSeal | undefined, entries: AuditEntry[]): string | undefined {
  if (seal.block !== (last?.block ?? 0) + 1) return 'a seal before it is missing';
  if (seal.previous !== (last?.hash ?? NO_SEAL)) return 'it does not go on from the seal before it';
  if (seal.from_at !== (last?.to_at ?? null)) return 'it does not begin where the seal before it ends';
  if (seal.rows !== entries.length) return `it covers ${seal.rows} entries, and there are ${entries.length}`;
  return auditSealHash(seal, entries) === seal.hash ? undefined : 'an entry, or the seal, was changed';
}

async function entriesOf(audit: AuditClient, { from_at, to_at }: AuditSeal): Promise<AuditEntry[]> {
  const since = from_at === null ? undefined : new Date(Date.parse(from_at) + 1).toISOString();
  const entries: AuditEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await audit.list({ order: 'asc', limit: PAGE, until: to_at, since, cursor });
    entries.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return entries;
}
