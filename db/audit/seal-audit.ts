import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import { auditSealHash, NO_SEAL, type AuditSeal } from '../../contracts/audit.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Database } from '../client.ts';
import type { SealJobs } from '../jobs.ts';
import type { OrgReadTx } from '../scope.ts';
import { lastSeal, readAudit, type AuditLog } from './read-audit.ts';

/** The database takes no entry with a time two minutes past (`app.note_audit`): what is older than this is complete. */
const SEALABLE_AFTER_MS = 5 * 60_000;
const ORGS_AT_ONCE = 100;
/** Entries of one seal; those of the last instant come on top. */
const ROWS_AT_ONCE = 1_000;

export interface SealDeps {
  db: Pick<Database, 'withOrg' | 'withOrgRead'> & { jobs: SealJobs };
  log: AuditLog;
  logger: Pick<Logger, 'info' | 'warn'>;
  olderThanMs?: number;
}

/**
 * Goes on with the chain over each organisation's audit: in batches and behind the writers, who never wait for it. The hash of
 * each seal is logged too, where who can change the database cannot.
 */
export async function sealAudit(deps: SealDeps): Promise<void> {
  const { db, log, logger, olderThanMs = SEALABLE_AFTER_MS } = deps;
  for (;;) {
    const orgs = await db.jobs.orgsToSeal(olderThanMs, ORGS_AT_ONCE);
    let sealed = 0;
    for (const orgId of orgs) {
      const seal = await sealNext(deps, orgId, olderThanMs).catch((error: unknown) => {
        logger.warn({ err: error, org_id: orgId }, 'the audit of an organisation could not be sealed');
        return undefined;
      });
      if (!seal) continue;
      sealed += 1;
      logger.info({ org_id: orgId, audit: log.schema, block: seal.block, rows: seal.rows, hash: seal.hash }, 'sealed the audit');
    }
    if (sealed === 0) return;
  }
}

/** @returns undefined where there is nothing to seal (any more): another copy was quicker. */
async function sealNext({ db, log }: SealDeps, orgId: string, olderThanMs: number): Promise<AuditSeal | undefined> {
  const seal = await db.withOrgRead({ orgId }, (tx) => nextSeal(tx, log, olderThanMs));
  if (!seal) return undefined;
  const scope = { orgId, actor: { type: 'system', id: 'audit-seal' }, source: 'audit-seal' } as const;
  const { block, from_at, to_at, rows, previous, hash } = seal;
  const isAdded = await db.withOrg(scope, async (tx) => {
    const added = sql`select ${sql.raw(log.schema)}.seal_audit(${block}, ${from_at}, ${to_at}, ${rows}, ${previous}, ${hash}) as done`;
    return (await tx.db.execute<{ done: boolean }>(added)).rows[0]?.done;
  });
  return isAdded === true ? seal : undefined;
}

async function nextSeal(tx: OrgReadTx, log: AuditLog, olderThanMs: number): Promise<AuditSeal | undefined> {
  const last = await lastSeal(tx, log);
  const toAt = await endOfNext(tx, log, last, olderThanMs);
  if (!toAt) return undefined;
  // Instants are milliseconds: the next one is the first that the last seal does not cover.
  const since = last && new Date(Date.parse(last.to_at) + 1).toISOString();
  const entries = await readAudit(tx, log, { order: 'asc', since, until: toAt.toISOString() }, {});
  const seal = {
    block: (last?.block ?? 0) + 1,
    from_at: last?.to_at ?? null,
    to_at: toAt.toISOString(),
    rows: entries.length,
    previous: last?.hash ?? NO_SEAL,
  };
  return { ...seal, hash: auditSealHash(seal, entries) };
}

/** By the database's clock, which wrote the entries' times. */
async function endOfNext(
  tx: OrgReadTx,
  { rows: table }: AuditLog,
  last: AuditSeal | undefined,
  olderThanMs: number,
): Promise<Date | undefined> {
  const rows = await tx.db
    .select({ at: table.at })
    .from(table)
    .where(
      and(
        eq(table.orgId, tx.orgId),
        last && gt(table.at, new Date(last.to_at)),
        lte(table.at, sql`now() - make_interval(secs => ${olderThanMs / 1000})`),
      ),
    )
    .orderBy(asc(table.at))
    .limit(ROWS_AT_ONCE);
  return rows.at(-1)?.at;
}
