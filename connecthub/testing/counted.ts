import type { HubDatabase } from '../../db/client.ts';

/** Transactions of each kind. */
export interface Used {
  changes: number;
  reads: number;
  /** In one round trip. */
  atOnce: number;
}

export const createUsed = (): Used => ({ changes: 0, reads: 0, atOnce: 0 });

/** The same database, its transactions counted. */
export function counted(database: HubDatabase, used: Used): HubDatabase {
  return {
    ...database,
    withOrg: (scope, work) => {
      used.changes += 1;
      return database.withOrg(scope, work);
    },
    withOrgRead: (scope, work) => {
      used.reads += 1;
      return database.withOrgRead(scope, work);
    },
    calls: {
      begin: (scope, call) => {
        used.atOnce += 1;
        return database.calls.begin(scope, call);
      },
      finish: (scope, call) => {
        used.atOnce += 1;
        return database.calls.finish(scope, call);
      },
    },
  };
}
