import { and, desc, eq, gt, sql } from 'drizzle-orm';
import type { OrgReadTx, OrgScope } from '../../db/client.ts';
import { webhookEvents } from '../../db/schema/hub/webhook-events.ts';
import { connectionApi } from './connection-api.ts';
import type { CompletionDefinition } from './definition.ts';
import type { FetchDeps } from './fetch.ts';
import type { EventRow } from './to-trigger.ts';

/** What was read for an event holds for others of the connection for so long. */
const KNOWN_FOR_SECONDS = 3_600;

/**
 * The event with what its provider did not tell and people know it by, such as the name of a channel. Kept before anybody is
 * told, so that each attempt tells the same; what cannot be had is kept as missing, and nothing waits for it.
 */
export async function completed(deps: FetchDeps, row: EventRow): Promise<EventRow> {
  const completion = deps.registry.provider(row.provider)?.definition.webhooks?.completion;
  if (!completion) return row;
  const { from, to } = completion;
  const value = row.payload[from];
  if (typeof value !== 'string' || row.payload[to] !== undefined) return row;
  const known = await deps.database.withOrgRead(row, (tx) => knownOf(tx, row, completion, value));
  const payload = { ...row.payload, [to]: known ?? (await read(deps, row, completion, value).catch(() => null)) };
  const scope: OrgScope = { orgId: row.orgId, actor: { type: 'system', id: 'connecthub' }, source: deps.owner };
  await deps.database.withOrg(scope, async (tx) => {
    const isOurs = and(
      eq(webhookEvents.orgId, row.orgId),
      eq(webhookEvents.eventId, row.eventId),
      eq(webhookEvents.leaseOwner, deps.owner),
    );
    await tx.db.update(webhookEvents).set({ payload }).where(isOurs);
    const details = { provider: row.provider, type: row.type };
    tx.audit({ action: 'webhook.complete', objectType: 'webhook_event', objectId: row.eventId, allowed: true, details });
  });
  return { ...row, payload };
}

async function read(deps: FetchDeps, row: EventRow, completion: CompletionDefinition, value: string): Promise<string | null> {
  const provider = deps.registry.provider(row.provider);
  if (!provider) return null;
  const { reader } = await connectionApi(deps, provider, { ...row, scopes: [] });
  return completion.read(value, reader);
}

/** Read for another event a while ago, by whichever copy. */
async function knownOf(
  tx: OrgReadTx,
  { connectionId }: EventRow,
  { from, to }: CompletionDefinition,
  value: string,
): Promise<string | undefined> {
  const name = sql<string>`${webhookEvents.payload} ->> ${to}`;
  const [known] = await tx.db
    .select({ name })
    .from(webhookEvents)
    .where(
      and(
        eq(webhookEvents.orgId, tx.orgId),
        eq(webhookEvents.connectionId, connectionId),
        gt(webhookEvents.receivedAt, sql`now() - make_interval(secs => ${KNOWN_FOR_SECONDS})`),
        sql`${webhookEvents.payload} ->> ${from} = ${value}`,
        sql`${name} is not null`,
      ),
    )
    .orderBy(desc(webhookEvents.receivedAt))
    .limit(1);
  return known?.name;
}
