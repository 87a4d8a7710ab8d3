import { and, desc, eq, isNotNull, isNull, ne, not, or, sql } from 'drizzle-orm';
import type { OrgReadTx, OrgTx } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import { customProviders } from '../../db/schema/hub/custom-providers.ts';
import { customProviderVersions } from '../../db/schema/hub/custom-provider-versions.ts';

/** An organisation's own provider, without what it is made of. */
export interface OwnRow {
  provider: string;
  kind: (typeof customProviders.$inferSelect)['kind'];
  version: number;
  /** Sealed. */
  clientSecret: string | null;
  /** Capabilities that are not called until a person has looked at them. */
  suspended: string[];
  removedAt: Date | null;
}

const COLUMNS = {
  provider: customProviders.provider,
  kind: customProviders.kind,
  version: customProviders.version,
  clientSecret: customProviders.clientSecret,
  suspended: customProviders.suspended,
  removedAt: customProviders.removedAt,
};

const isOf = ({ orgId }: OrgReadTx) => eq(customProviders.orgId, orgId);

/** Those in force, by id. */
export function listOwn(tx: OrgReadTx): Promise<OwnRow[]> {
  const inForce = and(isOf(tx), isNull(customProviders.removedAt));
  return tx.db.select(COLUMNS).from(customProviders).where(inForce).orderBy(customProviders.provider);
}

/** Removed ones too: their versions go on. To change one (`update`) waits for whoever changes any of the organisation's. */
export async function findOwn(tx: OrgReadTx, provider: string, lock?: 'update' | 'key share'): Promise<OwnRow | undefined> {
  if (lock === 'update')
    await tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`own-providers|${tx.orgId}`}, 0))`);
  const query = tx.db
    .select(COLUMNS)
    .from(customProviders)
    .where(and(isOf(tx), eq(customProviders.provider, provider)));
  return (await (lock ? query.for(lock) : query))[0];
}

export interface OwnVersion {
  provider: string;
  version: number;
  digest: string;
  definition: { [member: string]: unknown };
  importedBy: string;
  createdAt: Date;
}

export async function findVersion(tx: OrgReadTx, provider: string, version: number): Promise<OwnVersion | undefined> {
  const { orgId, provider: id, version: number, digest, definition, importedBy, createdAt } = customProviderVersions;
  const rows = await tx.db
    .select({ provider: id, version: number, digest, definition, importedBy, createdAt })
    .from(customProviderVersions)
    .where(and(eq(orgId, tx.orgId), eq(id, provider), eq(number, version)));
  return rows[0];
}

/** What a person has accepted, from now on in force. */
export async function putVersion(
  tx: OrgTx,
  row: Pick<OwnRow, 'provider' | 'kind' | 'version' | 'clientSecret'>,
  version: Pick<OwnVersion, 'digest' | 'definition' | 'importedBy'>,
): Promise<void> {
  const { provider, kind, clientSecret } = row;
  const { importedBy } = version;
  await tx.db
    .insert(customProviders)
    .values({ orgId: tx.orgId, provider, kind, version: row.version, clientSecret, createdBy: importedBy })
    .onConflictDoUpdate({
      target: [customProviders.orgId, customProviders.provider],
      set: { kind, version: row.version, clientSecret, suspended: [], removedAt: null, updatedAt: sql`now()` },
    });
  await tx.db.insert(customProviderVersions).values({ orgId: tx.orgId, provider, version: row.version, ...version });
}

/** The same version, with another secret of its OAuth client. */
export async function changeSecret(
  tx: OrgTx,
  { provider, clientSecret }: Pick<OwnRow, 'provider' | 'clientSecret'>,
): Promise<void> {
  await tx.db
    .update(customProviders)
    .set({ clientSecret, updatedAt: sql`now()` })
    .where(and(isOf(tx), eq(customProviders.provider, provider)));
}

/** Not called from now on; false: it was not before either, or another version is in force. */
export async function addSuspended(tx: OrgTx, at: Pick<OwnRow, 'provider' | 'version'>, capability: string): Promise<boolean> {
  const { provider, version, suspended } = customProviders;
  const isThere = sql`${capability} = any(${suspended})`;
  const rows = await tx.db
    .update(customProviders)
    .set({ suspended: sql`array_append(${suspended}, ${capability})`, updatedAt: sql`now()` })
    .where(and(isOf(tx), eq(provider, at.provider), eq(version, at.version), not(isThere)))
    .returning({ provider });
  return rows.length > 0;
}

export async function markRemoved(tx: OrgTx, provider: string): Promise<void> {
  await tx.db
    .update(customProviders)
    .set({ removedAt: sql`now()`, clientSecret: null, updatedAt: sql`now()` })
    .where(and(isOf(tx), eq(customProviders.provider, provider)));
}

/** Accounts that are connected, wait to be connected again, or whose grant is just being ended: all that have a credential. */
export async function connectionsOf(tx: OrgReadTx, provider: string): Promise<string[]> {
  const { orgId, connectionId, status, accessToken, createdAt } = connections;
  const rows = await tx.db
    .select({ connectionId })
    .from(connections)
    .where(and(eq(orgId, tx.orgId), eq(connections.provider, provider), or(ne(status, 'disconnected'), isNotNull(accessToken))))
    .orderBy(desc(createdAt))
    .limit(20);
  return rows.map((row) => row.connectionId);
}
