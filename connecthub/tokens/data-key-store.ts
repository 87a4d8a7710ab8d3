import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { HubDatabase, OrgReadTx } from '../../db/client.ts';
import { hubDataKeys } from '../../db/schema/hub/data-keys.ts';
import type { DataKeyStore, StoredDataKey } from '../../platform/secrets/data-keys.ts';

const SYSTEM = { actor: { type: 'system', id: 'connecthub' }, source: 'connecthub' } as const;

/** Wrapped data keys in `hub.data_keys`. */
export function createDataKeyStore(database: HubDatabase): DataKeyStore {
  return {
    get: (orgId, kid) => database.withOrgRead({ orgId }, (tx) => find(tx, kid)),
    insert: (key) =>
      database.withOrg({ orgId: key.orgId, ...SYSTEM }, async (tx) => {
        // Two copies may make an organisation's first key at once: the second waits here and takes the first one's.
        await tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`data-key|${key.orgId}`}, 0))`);
        const existing = await find(tx);
        if (existing) return existing;
        await tx.db.insert(hubDataKeys).values(key);
        tx.audit({ action: 'data_key.create', objectType: 'data_key', objectId: key.kid, allowed: true });
        return key;
      }),
  };
}

async function find(tx: OrgReadTx, kid?: string): Promise<StoredDataKey | undefined> {
  const { orgId, kid: id, wrapped, createdAt, retiredAt } = hubDataKeys;
  const isWanted = and(eq(orgId, tx.orgId), kid === undefined ? isNull(retiredAt) : eq(id, kid));
  const rows = await tx.db
    .select({ orgId, kid: id, wrapped, isRetired: sql<boolean>`${retiredAt} is not null` })
    .from(hubDataKeys)
    .where(isWanted)
    .orderBy(desc(createdAt), desc(id))
    .limit(1);
  return rows[0];
}
