import { eq, and } from 'drizzle-orm';
import type { HubDatabase } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import { takeOverEnding, type EndGrantDeps } from '../connections/end-grant.ts';
import type { Tokens } from '../tokens/tokens.ts';

const BATCH = 20;

export interface LeftConnectionsDeps extends EndGrantDeps {
  database: HubDatabase;
  tokens: Pick<Tokens, 'takeOver'>;
}

/**
 * Goes on where a copy died: refreshing a token, which some providers let be tried again for a short while only, or
 * ending a grant. Answers with how many there were.
 */
export async function finishLeftConnections(deps: LeftConnectionsDeps): Promise<number> {
  const left = await deps.database.jobs.leftConnections(BATCH);
  const taken = left.map(async ({ orgId, connectionId }) => {
    const rows = await deps.database.withOrgRead({ orgId }, (tx) =>
      tx.db
        .select({ status: connections.status })
        .from(connections)
        .where(and(eq(connections.orgId, orgId), eq(connections.connectionId, connectionId))),
    );
    if (rows[0]?.status === 'disconnected') await takeOverEnding(deps, orgId, connectionId);
    else await deps.tokens.takeOver(orgId, connectionId);
  });
  await Promise.all(taken);
  return left.length;
}
