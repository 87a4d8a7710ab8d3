import { and, eq, inArray, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase, OrgScope } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import { tokenRowOf } from '../tokens/token-kind.ts';
import { END_LEASE_SECONDS, ENDING, endGrant, type EndGrantDeps, type Ending } from './end-grant.ts';
import { tellOfConnection } from './tell-of-connection.ts';

/**
 * Ends a connection: from the first commit on nothing here uses the account any more. Then its grants are ended at the
 * provider, then its tokens are erased; a copy that dies in between is succeeded by another (jobs/left-connections.ts).
 *
 * @throws ClancyError `not_found`
 */
export async function disconnect(deps: EndGrantDeps, scope: OrgScope, connectionId: string): Promise<void> {
  const endings = await close(deps.database, scope, { connectionId, owner: deps.owner });
  for (const ending of endings) await endGrant(deps, scope, ending);
}

/** What is to be ended. None: somebody else has disconnected it. */
async function close(
  database: HubDatabase,
  scope: OrgScope,
  { connectionId, owner }: { connectionId: string; owner: string },
): Promise<Ending[]> {
  return database.withOrg(scope, async (tx) => {
    const rows = [tokenRowOf(connectionId), tokenRowOf(connectionId, 'user')];
    const areThey = and(eq(connections.orgId, scope.orgId), inArray(connections.connectionId, rows));
    const columns = { connectionId: connections.connectionId, tokenKind: connections.tokenKind, status: connections.status };
    const before = await tx.db.select(columns).from(connections).where(areThey).for('update');
    const own = before.find((row) => row.connectionId === connectionId && row.tokenKind === 'bot');
    if (!own) throw new ClancyError('not_found', 'There is no such connection.');
    if (own.status === 'disconnected') return [];
    const ended = await tx.db
      .update(connections)
      .set({
        status: 'disconnected',
        tokenExpiresAt: null,
        tokenRefreshAt: null,
        tokenVersion: sql`${connections.tokenVersion} + 1`,
        refreshOwner: owner,
        refreshUntil: sql`now() + make_interval(secs => ${END_LEASE_SECONDS})`,
        refreshFailures: 0,
        disconnectedAt: sql`now()`,
        updatedAt: sql`now()`,
      })
      .where(areThey)
      .returning(ENDING);
    await tellOfConnection(tx, connectionId);
    tx.audit({ action: 'connection.disconnect', objectType: 'connection', objectId: connectionId, allowed: true });
    // The person's own token first: at some providers the end of the other ends it too.
    return ended.toSorted((a, b) => b.connectionId.length - a.connectionId.length);
  });
}
