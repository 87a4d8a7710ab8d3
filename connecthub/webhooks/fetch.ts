import { and, eq, isNotNull, ne } from 'drizzle-orm';
import type { OrgReadTx, OrgScope } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import { webhookSubscriptions } from '../../db/schema/hub/webhook-subscriptions.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { Provider, Registry } from '../providers/registry.ts';
import { connectionApi, type ConnectionApiDeps } from './connection-api.ts';
import { storable } from './cut.ts';
import type { Fetched } from './definition.ts';
import { insertEvents } from './store.ts';
import type { EventRow } from './to-trigger.ts';

export interface FetchDeps extends ConnectionApiDeps {
  registry: Pick<Registry, 'provider'>;
  secretBox: Pick<SecretBox, 'open' | 'sealerOf'>;
}

/** Pages in one go: all of them together end within the lease. */
const MAX_PAGES = 5;

/**
 * Reads what an announcement stands for, from where the last one ended. Each page's events and the new cursor are kept in one
 * transaction: a copy that dies in between reads the page again, and finds its events known.
 *
 * @returns what became of it; `again`: there is more to read
 */
export async function fetchAnnounced(deps: FetchDeps, row: EventRow): Promise<'fetched' | 'not_wanted' | 'again'> {
  const provider = deps.registry.provider(row.provider);
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const held = await deps.database.withOrgRead(row, (tx) => readSubscription(tx, row.connectionId));
    if (!provider?.definition.webhooks?.fetch || !held) return 'not_wanted';
    const { reader } = await connectionApi(deps, provider, { ...row, scopes: held.scopes });
    const fetched = await provider.definition.webhooks.fetch({ ...held, reader });
    await keep(deps, provider, row, { ...fetched, before: held.cursor });
    if (!fetched.more) return 'fetched';
  }
  return 'again';
}

/** Undefined: nobody wants to hear of it any more. */
async function readSubscription(tx: OrgReadTx, connectionId: string) {
  const { scopes, accountId } = connections;
  const { cursor, since } = webhookSubscriptions;
  const rows = await tx.db
    .select({ scopes, accountId, cursor, since })
    .from(webhookSubscriptions)
    .innerJoin(
      connections,
      and(eq(connections.orgId, webhookSubscriptions.orgId), eq(connections.connectionId, webhookSubscriptions.connectionId)),
    )
    .where(
      and(
        eq(webhookSubscriptions.orgId, tx.orgId),
        eq(webhookSubscriptions.connectionId, connectionId),
        isNotNull(webhookSubscriptions.cursor),
        ne(connections.status, 'disconnected'),
      ),
    );
  const found = rows[0];
  return found && found.cursor !== null ? { ...found, cursor: found.cursor } : undefined;
}

async function keep(
  deps: FetchDeps,
  { definition: { id, tokenPattern } }: Provider,
  { orgId, connectionId }: EventRow,
  { events, cursor, before }: Fetched & { before: string },
): Promise<void> {
  const scope: OrgScope = { orgId, actor: { type: 'system', id: 'connecthub' }, source: deps.owner };
  const seal = await deps.secretBox.sealerOf(orgId);
  await deps.database.withOrg(scope, async (tx) => {
    await insertEvents(tx, seal, id, { connectionId, events: events.map((event) => storable(event, tokenPattern)) });
    const isIt = and(
      eq(webhookSubscriptions.orgId, orgId),
      eq(webhookSubscriptions.connectionId, connectionId),
      // Whoever was quicker has read as far or further.
      eq(webhookSubscriptions.cursor, before),
    );
    await tx.db.update(webhookSubscriptions).set({ cursor }).where(isIt);
    tx.audit({ action: 'webhook.read', objectType: 'connection', objectId: connectionId, allowed: true });
  });
}
