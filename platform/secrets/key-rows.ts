import type { SecretContext } from './secret-box.ts';

/** A data key as it lies in its row. */
export interface DataKeyRow {
  readonly kid: string;
  readonly wrapped: string;
}

export interface OrgDataKey {
  readonly kid: string;
  /** Of the key encryption key. */
  readonly kek: string;
  /** Milliseconds since it was made, by the database's clock. */
  readonly ageMs: number;
  readonly isRetired: boolean;
}

/** The wrapped data keys of one process, for whoever changes keys: one transaction for each organisation. */
export interface KeyRows {
  readonly jobs: {
    orgsUnderOtherKek(kek: string, limit: number, after?: string): Promise<string[]>;
    keysByKek(): Promise<{ kek: string; keys: number }[]>;
  };
  /** All of the organisation's, the newest first. */
  list(orgId: string): Promise<OrgDataKey[]>;
  /** A further key, unless the one in use is another than `after` by now; false then. As the newest it is the one in use. */
  add(orgId: string, row: DataKeyRow, after: string): Promise<boolean>;
  /** The organisation's keys that another key encryption key than this one wraps. */
  underOther(orgId: string, kek: string): Promise<DataKeyRow[]>;
  /** Replaces texts that are still `before`; gives how many were. */
  rewrap(orgId: string, rows: readonly (DataKeyRow & { before: string })[]): Promise<number>;
  /** Retires all but the newest, unless a secret is still sealed with one of them; undefined then. Gives their ids. */
  retire(orgId: string): Promise<string[] | undefined>;
  /** Deletes them all, and with them what was sealed with them as far as it would be used. */
  shred(orgId: string): Promise<{ keys: number; connections: number }>;
}

/** One column that holds sealed texts. */
export interface SealedColumn {
  /** For people, such as `connections.access_token`. */
  readonly name: string;
  readonly placeOf: (orgId: string, object: string) => SecretContext;
  /** Sealed texts in the order of their objects, beginning behind `after`. */
  page(orgId: string, after: string, limit: number): Promise<{ object: string; sealed: string }[]>;
  /** Replaces texts that are still `before`; gives how many were. */
  replace(orgId: string, changes: readonly { object: string; before: string; after: string }[]): Promise<number>;
}
