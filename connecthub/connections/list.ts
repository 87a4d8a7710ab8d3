import { and, desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { HubDatabase } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import { toPage, type Cursors } from '../../platform/http/page.ts';

export const connectionSchema = z.strictObject({
  connection_id: z.string(),
  provider: z.string(),
  account_id: z.string(),
  account_name: z.string(),
  status: z.enum(['active', 'needs_reauth', 'disconnected']),
  scopes: z.array(z.string()),
  connected_by: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

const LIST = 'connections';

/** Newest first. */
export async function listConnections(
  database: HubDatabase,
  cursors: Cursors,
  orgId: string,
  page: { limit: number; cursor?: string | undefined },
) {
  const after = page.cursor === undefined ? undefined : cursors.decode(LIST, orgId, page.cursor);
  const isAfter =
    after && sql`(${connections.createdAt}, ${connections.connectionId}) < (${after.at.toISOString()}::timestamptz, ${after.id})`;
  const rows = await database.withOrgRead({ orgId }, (tx) =>
    tx.db
      .select()
      .from(connections)
      .where(and(eq(connections.orgId, orgId), eq(connections.tokenKind, 'bot'), isAfter))
      .orderBy(desc(connections.createdAt), desc(connections.connectionId))
      .limit(page.limit + 1),
  );
  const { items, next_cursor } = toPage(rows, page.limit, (row) =>
    cursors.encode(LIST, orgId, { at: row.createdAt, id: row.connectionId }),
  );
  return { items: items.map(toWire), next_cursor };
}

function toWire(row: typeof connections.$inferSelect): z.infer<typeof connectionSchema> {
  return {
    connection_id: row.connectionId,
    provider: row.provider,
    account_id: row.accountId,
    account_name: row.accountName,
    status: row.status,
    scopes: row.scopes,
    connected_by: row.connectedBy,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
