import type { NodePgTransaction } from 'drizzle-orm/node-postgres';
import type { ExtractTablesWithRelations } from 'drizzle-orm';
import type { JsonObject } from '../contracts/json.ts';
import type { ACTOR_TYPES } from './schema/audit-columns.ts';

type NoRelations = Record<string, never>;

/** The query builder inside one organisation's transaction. A `transaction()` of it is a savepoint. */
export type OrgDb = NodePgTransaction<NoRelations, ExtractTablesWithRelations<NoRelations>>;

/** On whose behalf and for which organisation a transaction runs: what its audit rows say. */
export interface OrgScope {
  readonly orgId: string;
  readonly actor: {
    readonly type: (typeof ACTOR_TYPES)[number];
    readonly id: string;
    /** Who acts as this person. Stands as `impersonated_by` in the details of each audit row. */
    readonly impersonatedBy?: string;
  };
  /** Address of the caller, or the name of the process for work that nobody asked for over HTTP. */
  readonly source: string;
}

export interface AuditEntry {
  /** `<noun>.<verb>`, such as `employee.create`. */
  readonly action: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly allowed: boolean;
  /** Never a secret. */
  readonly details?: JsonObject;
}

export interface OrgReadTx {
  readonly orgId: string;
  readonly db: OrgDb;
}

export interface OrgTx extends OrgReadTx {
  /** Notes what is being changed; written just before the commit, in the same transaction. */
  audit(entry: AuditEntry): void;
  /** A change whose answer nobody waits for: sent in one go with the audit rows and the commit, which fails if it does. */
  lastly(change: () => Promise<unknown>): void;
}
