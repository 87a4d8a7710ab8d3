import type { QueryResultRow } from 'pg';
import type { AuditEntry } from './scope.ts';
import { withClient, type Connections, type OnCommitted } from './transaction.ts';

/** One function of the database that enters the organisation, changes and audits by itself: a transaction in one round trip. */
export interface Once {
  /** Of the prepared statement. */
  readonly name: string;
  /** Its first parameter is the signed organisation. */
  readonly text: string;
  /** The other parameters. */
  readonly values: readonly unknown[];
}

/** Rows of the committed function; `audited` tells from them what it wrote into the audit. */
export type AtOnce = <R extends QueryResultRow>(
  orgId: string,
  once: Once,
  audited: (rows: readonly R[]) => readonly AuditEntry[],
) => Promise<R[]>;

export interface AtOnceContext {
  readonly pool: Connections;
  readonly signOrg: (orgId: string) => string;
  readonly onCommitted?: OnCommitted | undefined;
}

export function createAtOnce({ pool, signOrg, onCommitted }: AtOnceContext): AtOnce {
  return async <R extends QueryResultRow>(
    orgId: string,
    { name, text, values }: Once,
    audited: (rows: readonly R[]) => readonly AuditEntry[],
  ) => {
    // Answered once the server is ready for the next: after the commit that every statement outside of a transaction is.
    const { rows } = await withClient(pool, (client) => client.query<R>({ name, text, values: [signOrg(orgId), ...values] }));
    onCommitted?.(audited(rows), orgId);
    return rows;
  };
}
