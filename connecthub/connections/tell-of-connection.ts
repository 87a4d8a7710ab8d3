import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { OrgTx } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import { hubOutbox } from '../../db/schema/hub/outbox.ts';

/**
 * What a connection has become, for Agent-Core's FactStream: in the transaction of the change, after it.
 *
 * @param reason a word of the provider's or of ours, where there is one
 */
export async function tellOfConnection(tx: OrgTx, connectionId: string, reason?: string): Promise<void> {
  const { provider, accountId, accountName, status, tokenKind } = connections;
  const rows = await tx.db
    .select({ provider, account_id: accountId, account_name: accountName, status, token_kind: tokenKind })
    .from(connections)
    .where(and(eq(connections.orgId, tx.orgId), eq(connections.connectionId, connectionId)));
  const [now] = rows;
  if (!now) return;
  await tx.db.insert(hubOutbox).values({
    orgId: tx.orgId,
    kind: 'connection_changed',
    payload: {
      event_id: randomUUID(),
      org_id: tx.orgId,
      connection_id: connectionId,
      ...now,
      ...(reason !== undefined && { reason }),
    },
  });
}
