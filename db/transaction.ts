import { sql } from 'drizzle-orm';
import { NodePgSession, NodePgTransaction } from 'drizzle-orm/node-postgres';
import { PgDialect } from 'drizzle-orm/pg-core';
import { Client, type PoolClient } from 'pg';
import { coreAudit } from './schema/core/audit.ts';
import { hubAudit } from './schema/hub/audit.ts';
import type { AuditEntry, OrgDb, OrgScope, OrgTx } from './scope.ts';
import { statement } from './statement.ts';

/** A pool, as far as it is needed here. */
export interface Connections {
  connect(): Promise<PoolClient>;
}

export type AuditTable = typeof coreAudit | typeof hubAudit;

export type OnCommitted = (entries: readonly AuditEntry[], orgId: string) => void;

interface TransactionContext {
  readonly pool: Connections;
  /** Signs an organisation's context, for longer than any transaction takes and any two clocks differ. */
  readonly signOrg: (orgId: string) => string;
  readonly auditTable: AuditTable;
  /** Must not throw: what it hears of stands. */
  readonly onCommitted?: OnCommitted | undefined;
}

type ReadScope = Pick<OrgScope, 'orgId'>;

/**
 * One transaction of one organisation: for changes with a full scope, read-only with nothing but the organisation. The
 * statements that open it travel with the first one of `work`, those that end it with one another.
 */
export async function inOrganisation<T>(
  context: TransactionContext,
  scope: OrgScope | ReadScope,
  work: (tx: OrgTx) => Promise<T>,
): Promise<T> {
  return withClient(context.pool, async (client) => {
    const db = dbOf(client);
    const entries: AuditEntry[] = [];
    const changes: (() => Promise<unknown>)[] = [];
    const opened = open(client, scope, context.signOrg(scope.orgId));
    try {
      const result = await work({
        orgId: scope.orgId,
        db,
        audit: (entry) => void entries.push(entry),
        lastly: (change) => void changes.push(change),
      });
      await opened;
      if ('actor' in scope) {
        await end(client, [...changes, () => writeAudit(db, context.auditTable, scope, entries)]);
        context.onCommitted?.(entries, scope.orgId);
      }
      // Nobody needs to wait for the end of reading: it comes before whatever is next on this connection.
      else client.query('commit').catch(() => undefined);
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      // Where the organisation is not accepted, what `work` met is a consequence.
      await opened;
      throw error;
    }
  });
}

/** The pool itself drops a connection that was lost meanwhile. */
export async function withClient<T>(pool: Connections, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

const dialect = new PgDialect();
const dbs = new WeakMap<PoolClient, OrgDb>();

/** One query builder for as long as the connection lives: what it has prepared stays prepared. */
function dbOf(client: PoolClient): OrgDb {
  const known = dbs.get(client);
  if (known) return known;
  const made: OrgDb = new NodePgTransaction(dialect, new NodePgSession(client, dialect, undefined), undefined);
  dbs.set(client, made);
  return made;
}

/**
 * Begins, and names the organisation. Row-level security shows and takes nothing before, so what is sent behind these
 * statements needs no answer to them. Without the last part, a wrong key or clock would show as empty tables.
 */
function open(client: PoolClient, scope: OrgScope | ReadScope, signed: string): Promise<void> {
  gather(client);
  const opening = async () => {
    const begun = client.query(`begin ${'actor' in scope ? 'read write' : 'read only'}`);
    const entered = client.query<{ org: string | null }>({
      name: 'enter_organisation',
      text: `select set_config('app.org', $1, true), app.current_org() as org`,
      values: [signed],
    });
    const [, { rows }] = await Promise.all([begun, entered]);
    if (rows[0]?.org !== scope.orgId) {
      throw new Error('the database refuses the organisation context: compare ORG_CONTEXT_KEY and the clocks of both machines');
    }
  };
  const opened = opening();
  // Heard where it is awaited, which may be later than it fails.
  opened.catch(() => undefined);
  return opened;
}

/** The last changes and the commit, in one go. PostgreSQL answers the commit of a failed transaction with no error. */
async function end(client: PoolClient, changes: (() => Promise<unknown>)[]): Promise<void> {
  gather(client);
  const sent = changes.map((change) => change());
  const [committed] = await Promise.all([client.query('commit'), ...sent]);
  if (committed.command !== 'COMMIT') throw new Error('a failed statement of the transaction went unnoticed: rolled back');
}

/** What is sent until the end of this turn goes out together: each write of its own would wake the database. */
function gather(client: PoolClient): void {
  if (!(client instanceof Client)) return;
  const { stream } = client.connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

async function writeAudit(db: OrgDb, table: AuditTable, scope: OrgScope, entries: AuditEntry[]): Promise<void> {
  const who = { orgId: scope.orgId, actorType: scope.actor.type, actorId: scope.actor.id, source: scope.source };
  const { impersonatedBy } = scope.actor;
  const rows = entries.map(({ details = {}, ...entry }) => ({
    ...entry,
    ...who,
    details: impersonatedBy === undefined ? details : { ...details, impersonated_by: impersonatedBy },
  }));
  const [first] = rows;
  if (first === undefined) return;
  // `execute` sends at once, where awaiting the builder would let the commit go first.
  if (rows.length > 1) await db.insert(table).values(rows).execute();
  else await (table === coreAudit ? insertCoreAudit : insertHubAudit)(db).execute(first);
}

const insertCoreAudit = statement((db) => db.insert(coreAudit).values(AUDIT_VALUES).prepare('insert_core_audit'));
const insertHubAudit = statement((db) => db.insert(hubAudit).values(AUDIT_VALUES).prepare('insert_hub_audit'));
const AUDIT_VALUES = {
  orgId: sql.placeholder('orgId'),
  actorType: sql.placeholder('actorType'),
  actorId: sql.placeholder('actorId'),
  action: sql.placeholder('action'),
  objectType: sql.placeholder('objectType'),
  objectId: sql.placeholder('objectId'),
  source: sql.placeholder('source'),
  allowed: sql.placeholder('allowed'),
  details: sql.placeholder('details'),
};
