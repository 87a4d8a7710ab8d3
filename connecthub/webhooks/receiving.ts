import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase, OrgReadTx, OrgScope, OrgTx } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import { webhookSubscriptions } from '../../db/schema/hub/webhook-subscriptions.ts';
import type { Registry } from '../providers/registry.ts';

export interface ReceivingDeps {
  database: HubDatabase;
  registry: Pick<Registry, 'provider'>;
}

export const receivingSchema = z.strictObject({
  connection_id: z.string(),
  /** Whether what happens in the account becomes events. */
  receiving: z.boolean(),
  /** When the provider is asked again to tell; null where it does not have to be asked. */
  renews_at: z.string().nullable(),
  /** When it stops telling, unless it is asked before. */
  ends_at: z.string().nullable(),
  /** Why it does not promise to tell right now. */
  last_error: z.string().nullable(),
});
export type Receiving = z.infer<typeof receivingSchema>;

/** @throws ClancyError `not_found` */
export function readReceiving(deps: ReceivingDeps, orgId: string, connectionId: string): Promise<Receiving> {
  return deps.database.withOrgRead({ orgId }, (tx) => view(deps, tx, connectionId));
}

/**
 * Says that somebody wants to hear of an account, or no longer does, where its provider has to be asked for it.
 *
 * @throws ClancyError `not_found`, `scope_missing`, or `invalid_request` where this provider or installation cannot
 */
export function setReceiving(
  deps: ReceivingDeps,
  scope: OrgScope,
  { connectionId, receiving }: { connectionId: string; receiving: boolean },
): Promise<Receiving> {
  const { orgId } = scope;
  return deps.database.withOrg(scope, async (tx) => {
    const { provider, scopes } = await connectionOf(tx, connectionId);
    const isIt = and(eq(webhookSubscriptions.orgId, orgId), eq(webhookSubscriptions.connectionId, connectionId));
    if (receiving) {
      assertPossible(deps.registry, provider, scopes);
      const target = [webhookSubscriptions.orgId, webhookSubscriptions.connectionId];
      await tx.db
        .insert(webhookSubscriptions)
        .values({ orgId, connectionId, provider })
        .onConflictDoUpdate({ target, set: { renewAt: sql`now()`, leaseUntil: null } });
    } else await tx.db.delete(webhookSubscriptions).where(isIt);
    tx.audit({
      action: 'connection.receive',
      objectType: 'connection',
      objectId: connectionId,
      allowed: true,
      details: { receiving },
    });
    return view(deps, tx, connectionId);
  });
}

/** A new consent may have ended what the provider had promised to tell: it is asked again at once, where somebody wants it. */
export async function askAgainSoon({ orgId, db }: OrgTx, connectionId: string): Promise<void> {
  const isIt = and(eq(webhookSubscriptions.orgId, orgId), eq(webhookSubscriptions.connectionId, connectionId));
  await db
    .update(webhookSubscriptions)
    .set({ renewAt: sql`now()`, leaseUntil: null })
    .where(isIt);
}

async function view({ registry }: ReceivingDeps, tx: OrgReadTx, connectionId: string): Promise<Receiving> {
  const { provider: id } = await connectionOf(tx, connectionId);
  const isIt = and(eq(webhookSubscriptions.orgId, tx.orgId), eq(webhookSubscriptions.connectionId, connectionId));
  const [held] = await tx.db.select().from(webhookSubscriptions).where(isIt);
  const provider = registry.provider(id);
  const tellsUnasked = provider?.definition.webhooks !== undefined && !provider.definition.webhooks.subscription;
  return {
    connection_id: connectionId,
    receiving: held !== undefined || (tellsUnasked && provider.webhookSettings !== undefined),
    renews_at: held?.renewAt.toISOString() ?? null,
    ends_at: held?.endsAt?.toISOString() ?? null,
    last_error: held?.lastError ?? null,
  };
}

function assertPossible(registry: ReceivingDeps['registry'], id: string, scopes: readonly string[]): void {
  const provider = registry.provider(id);
  const subscription = provider?.definition.webhooks?.subscription;
  if (!provider || !subscription) {
    throw new ClancyError('invalid_request', `Nobody has to ask ${id} for what happens there.`, {
      next: 'Enter the address of this installation at the provider: docs/webhooks.md.',
    });
  }
  const { webhookSettings: settings } = provider;
  if (!settings || (subscription.needsTopic === true && settings.push?.topic === undefined)) {
    throw new ClancyError('invalid_request', `This installation is not set up to hear of ${provider.definition.title}.`, {
      next: 'Its operator sets the variables that docs/webhooks.md names.',
    });
  }
  const missing = subscription.scopes.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0) {
    throw new ClancyError('scope_missing', 'The connection may not read what happens in the account.', {
      next: `Connect the account again and allow it: GET /oauth/launch/${id}.`,
      extra: { scopes: missing },
    });
  }
}

async function connectionOf(tx: OrgReadTx, connectionId: string) {
  const { provider, scopes, status } = connections;
  const isIt = and(eq(connections.orgId, tx.orgId), eq(connections.connectionId, connectionId));
  const [found] = await tx.db.select({ provider, scopes, status }).from(connections).where(isIt);
  if (!found || found.status === 'disconnected') throw new ClancyError('not_found', 'There is no such connection.');
  return found;
}
