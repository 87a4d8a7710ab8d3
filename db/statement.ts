import type { OrgDb } from './scope.ts';

/**
 * A statement for hot paths: built once on each connection, with `.prepare(name)`, so that neither the query builder nor
 * the database's parser and planner go over it again. Its name belongs to no other statement of the process; what differs
 * from use to use is `sql.placeholder`.
 */
export function statement<T>(prepare: (db: OrgDb) => T): (db: OrgDb) => T {
  // A transaction's `db` is its connection's: see `transaction.ts`.
  const prepared = new WeakMap<OrgDb, T>();
  return (db) => {
    const known = prepared.get(db);
    if (known !== undefined) return known;
    const made = prepare(db);
    prepared.set(db, made);
    return made;
  };
}
