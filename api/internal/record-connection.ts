import { z } from 'zod';
import type { CoreDatabase, OrgScope } from '../../db/client.ts';
import { recordFactOnce } from '../facts/record-fact.ts';

const text = z.string().max(400);

export const connectionChangeBody = z.strictObject({
  event_id: z.uuid(),
  org_id: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/),
  connection_id: z.string().min(1).max(64),
  provider: z.string().min(1).max(60),
  account_id: text,
  account_name: text,
  status: z.enum(['active', 'needs_reauth', 'disconnected']),
  /** Whose token it is about: the connection's own, or that of the person who connected it. */
  token_kind: z.enum(['bot', 'user']),
  /** A word of the provider's or of ConnectHub's. */
  reason: z.string().max(80).optional(),
});
type ConnectionChange = z.infer<typeof connectionChangeBody>;

export interface RecordConnectionDeps {
  db: Pick<CoreDatabase, 'withOrg'>;
}

/** Takes over what a connection at ConnectHub has become, as a fact. The same news twice is one. */
export async function recordConnection(deps: RecordConnectionDeps, source: string, change: ConnectionChange): Promise<void> {
  const { event_id: factId, org_id: orgId, reason, ...about } = change;
  const data = { ...about, ...(reason !== undefined && { reason }) };
  const scope: OrgScope = { orgId, actor: { type: 'service', id: 'connecthub' }, source };
  await deps.db.withOrg(scope, async (tx) => {
    await recordFactOnce(tx, factId, { kind: 'ConnectionChanged', data });
    tx.audit({
      action: 'connection.changed',
      objectType: 'connection',
      objectId: data.connection_id,
      allowed: true,
      details: { status: data.status },
    });
  });
}
