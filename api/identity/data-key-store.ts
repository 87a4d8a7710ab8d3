import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { CoreDatabase } from '../../db/client.ts';
import { coreDataKeys } from '../../db/schema/core/data-keys.ts';
import type { DataKeyStore } from '../../platform/secrets/data-keys.ts';
import { systemScope } from '../http/scope.ts';

/** Wrapped data keys in `core.data_keys`. */
export function createCoreDataKeyStore(db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>): DataKeyStore {
  const get: DataKeyStore['get'] = async (orgId, kid) => {
    const [row] = await db.withOrgRead({ orgId }, (tx) =>
      tx.db
        .select()
        .from(coreDataKeys)
        .where(and(eq(coreDataKeys.orgId, orgId), kid === undefined ? isNull(coreDataKeys.retiredAt) : eq(coreDataKeys.kid, kid)))
        .orderBy(desc(coreDataKeys.createdAt), desc(coreDataKeys.kid))
        .limit(1),
    );
    return row && { ...row, isRetired: row.retiredAt !== null };
  };
  return {
    get,
    insert: (key) =>
      db.withOrg(systemScope(key.orgId, 'secrets'), async (tx) => {
        // One first key per organisation, whichever copy of the process comes first.
        await tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`core.data_keys|${key.orgId}`}, 0))`);
        const [existing] = await tx.db
          .select()
          .from(coreDataKeys)
          .where(eq(coreDataKeys.orgId, key.orgId))
          .orderBy(desc(coreDataKeys.createdAt), desc(coreDataKeys.kid))
          .limit(1);
        if (existing) return existing;
        await tx.db.insert(coreDataKeys).values(key);
        tx.audit({ action: 'data_key.create', objectType: 'data_key', objectId: key.kid, allowed: true });
        return key;
      }),
  };
}
