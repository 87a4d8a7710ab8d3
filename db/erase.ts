import { and, eq, ne, sql } from 'drizzle-orm';
import type { OrgTx } from './client.ts';
import { employees } from './schema/core/employees.ts';
import { memoryKeys } from './schema/core/memory-keys.ts';
import { connections } from './schema/hub/connections.ts';
import { customProviders } from './schema/hub/custom-providers.ts';
import { oauthStates } from './schema/hub/oauth-states.ts';

/** Takes out of use, in the transaction that destroys an organisation's keys, what was sealed with them. */
export type Erase = (tx: OrgTx) => Promise<{ connections: number }>;

/** Employees without their client get no token until they are activated again. */
export const eraseCore: Erase = async (tx) => {
  // What is remembered stays as rows that nobody can read or find: the schedule that puts memory in order removes them.
  await tx.db.delete(memoryKeys).where(eq(memoryKeys.orgId, tx.orgId));
  await tx.db.update(employees).set({ m2mClientId: null, m2mClientSecret: null }).where(eq(employees.orgId, tx.orgId));
  return { connections: 0 };
};

/** Connections are disconnected: a token that a copy has at hand serves no call that begins from now on. */
export const eraseHub: Erase = async (tx) => {
  await tx.db.delete(oauthStates).where(eq(oauthStates.orgId, tx.orgId));
  await tx.db.update(customProviders).set({ clientSecret: null }).where(eq(customProviders.orgId, tx.orgId));
  // A person's token beside it is no connection of its own.
  const isThere = and(eq(connections.orgId, tx.orgId), eq(connections.tokenKind, 'bot'), ne(connections.status, 'disconnected'));
  const connected = await tx.db.select({ id: connections.connectionId }).from(connections).where(isThere);
  await tx.db
    .update(connections)
    .set({
      status: 'disconnected',
      accessToken: null,
      refreshToken: null,
      tokenExpiresAt: null,
      tokenRefreshAt: null,
      tokenVersion: sql`${connections.tokenVersion} + 1`,
      refreshOwner: null,
      refreshUntil: null,
      disconnectedAt: sql`coalesce(${connections.disconnectedAt}, now())`,
      updatedAt: sql`now()`,
    })
    .where(eq(connections.orgId, tx.orgId));
  return { connections: connected.length };
};
