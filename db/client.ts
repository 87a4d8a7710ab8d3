import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { createOrgContextSigner } from '../platform/auth/org-context.ts';
import { createAtOnce, type AtOnce } from './at-once.ts';
import { hubCalls, type HubCalls } from './calls.ts';
import { coreJobs, hubJobs } from './jobs.ts';
import type { CoreJobs, HubJobs, RunQuery } from './jobs.ts';
import { readFigures, type Figure } from './figures.ts';
import { toOutsideError } from './errors.ts';
import type { AuditEntry, OrgReadTx, OrgScope, OrgTx } from './scope.ts';
import { coreAudit } from './schema/core/audit.ts';
import { hubAudit } from './schema/hub/audit.ts';
import { inOrganisation, withClient } from './transaction.ts';
import type { AuditTable, OnCommitted } from './transaction.ts';

export { isUniqueViolation } from './errors.ts';
export type { ConnectionRef, CoreJobs, HubJobs, OutboxRef, WebhookEventRef } from './jobs.ts';
export type { Figure } from './figures.ts';
export type { AuditEntry, OrgReadTx, OrgScope, OrgTx } from './scope.ts';

/** A statement that takes longer is given up: no request waits that long. */
const STATEMENT_TIMEOUT_MS = 15_000;
/** A transaction whose process forgot it must not hold its locks. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;

export interface DatabaseOptions {
  /** Address with the role and password of the process (`core_runtime` or `hub_runtime`). */
  readonly url: string;
  /** Signs the organisation of each transaction; the database verifies it. */
  readonly orgContextKey: Buffer;
  readonly logger: { warn(details: object, message: string): void };
  /** Connections at most; 10 by default. */
  readonly max?: number;
  /** Told after each commit what was audited in it: counts of what happened, exactly once and only where it stands. */
  readonly onCommitted?: OnCommitted;
}

/** The connections of this process, and how often none could be had. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  /** Requests that wait for a connection. */
  readonly waiting: number;
  /** Since the start. */
  readonly failed: number;
}

declare module 'pg' {
  interface ClientConfig {
    /** Sends queries without waiting for the answers to those before. https://node-postgres.com/features/pipelining */
    pipeline?: boolean;
  }
}

/**
 * The way to the tables. Every method fails with `dependency_unavailable` when the database is away, too slow or
 * asks for a repetition, and with `invalid_request` when it cannot hold a value; other errors of the database come as
 * `DatabaseError` of `pg`.
 */
export interface Database {
  /**
   * Runs `work` in one transaction that sees one organisation. The commit is refused by the database when rows
   * were changed and `tx.audit` was never called.
   */
  withOrg<T>(scope: OrgScope, work: (tx: OrgTx) => Promise<T>): Promise<T>;
  /** The same for reading: the database refuses every change. */
  withOrgRead<T>(scope: Pick<OrgScope, 'orgId'>, work: (tx: OrgReadTx) => Promise<T>): Promise<T>;
  /** Records a refused attempt in a transaction of its own, since the attempt's was rolled back. */
  auditDenied(scope: OrgScope, entry: Omit<AuditEntry, 'allowed'>): Promise<void>;
  /** One trivial query: for readiness. */
  ping(): Promise<void>;
  poolState(): PoolState;
  /** Counts over all organisations for operators; rejects rather than take long. */
  figures(): Promise<Figure[]>;
  /** Ends all connections when their work is done. May be called again. */
  close(): Promise<void>;
}

export interface CoreDatabase extends Database {
  readonly jobs: CoreJobs;
}
export interface HubDatabase extends Database {
  readonly jobs: HubJobs;
  readonly calls: HubCalls;
}

/** Agent-Core's database: schemas `core` and `authz`. */
export function createCoreDatabase(options: DatabaseOptions): CoreDatabase {
  const { database, query } = createDatabase(options, coreAudit);
  return { ...database, jobs: coreJobs(query) };
}

/** ConnectHub's database: schema `hub`, and `authz` to read. */
export function createHubDatabase(options: DatabaseOptions): HubDatabase {
  const { database, query, atOnce } = createDatabase(options, hubAudit, HUB_SETTINGS);
  return { ...database, jobs: hubJobs(query), calls: hubCalls(atOnce) };
}

/**
 * ConnectHub finds everything by keys: a plan made once for all values is as good as one made for each, and PostgreSQL,
 * which does not foresee that only one of a table's partitions will be touched, would go on making them.
 */
const HUB_SETTINGS: PoolConfig = { options: '-c plan_cache_mode=force_generic_plan' };

function createDatabase(
  options: DatabaseOptions,
  auditTable: AuditTable,
  settings: PoolConfig = {},
): { database: Database; query: RunQuery; atOnce: AtOnce } {
  const pool = createPool(options, settings);
  const context = {
    pool,
    signOrg: createOrgContextSigner(options.orgContextKey),
    auditTable,
    onCommitted: options.onCommitted,
  };
  const query: RunQuery = (text, values) =>
    outside(async () => (await withClient(pool, (client) => client.query(text, values))).rows);
  const once = createAtOnce(context);
  const atOnce: AtOnce = (...args) => outside(() => once(...args));
  let closed: Promise<void> | undefined;
  const database: Database = {
    withOrg: (scope, work) => outside(() => inOrganisation(context, scope, work)),
    withOrgRead: (scope, work) => outside(() => inOrganisation(context, { orgId: scope.orgId }, work)),
    auditDenied: (scope, entry) =>
      outside(() => inOrganisation(context, scope, async (tx) => tx.audit({ ...entry, allowed: false }))),
    ping: async () => void (await query('select 1', [])),
    poolState: pool.state,
    figures: () => outside(() => readFigures(pool, auditTable === coreAudit ? 'core' : 'hub')),
    close: () => (closed ??= pool.end()),
  };
  return { database, query, atOnce };
}

/** Errors of idle connections, and of those in use between two queries, are events: unheard they end the process. */
function createPool({ url, max, logger }: DatabaseOptions, settings: PoolConfig) {
  const pool = new Pool({
    ...settings,
    connectionString: url,
    pipeline: true,
    max: max ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  });
  const report = (error: Error) => logger.warn({ err: error }, 'a database connection was lost');
  pool.on('error', report);
  pool.on('connect', (client) => client.on('error', report));
  let failed = 0;
  return {
    connect: (): Promise<PoolClient> =>
      pool.connect().catch((error: unknown) => {
        failed += 1;
        throw error;
      }),
    state: (): PoolState => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount, failed }),
    end: () => pool.end(),
  };
}

async function outside<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toOutsideError(error);
  }
}
