import { and, desc, eq, gt, sql } from 'drizzle-orm';
import type { OrgScope } from '../../db/client.ts';
import { webhookEvents } from '../../db/schema/hub/webhook-events.ts';
import { connectionApi } from './connection-api.ts';
import type { CompletionDefinition } from './definition.ts';
import type { FetchDeps } from './fetch.ts';
import { openSaid, sealSaid, type Said } from './sealed-event.ts';
import type { EventRow } from './to-trigger.ts';

/** What was read for an event holds for others of the connection for so long. */
const KNOWN_FOR_SECONDS = 3_600;
/** Events that are looked through for it: each has to be opened. */
const LOOK_THROUGH = 100;

/**
 * What an event says, with what its provider did not tell and people know it by, such as the name of a channel. Kept before
 * anybody is told, so that each attempt tells the same; what cannot be had is kept as missing, and nothing waits for it.
 */
export async function completed(deps: FetchDeps, row: EventRow, said: Said): Promise<Said> {
  const completion = deps.registry.provider(row.provider)?.definition.webhooks?.completion;
  if (!completion) return said;
  const { from, to } = completion;
  const value = said.payload[from];
  if (typeof value !== 'string' || said.payload[to] !== undefined) return said;
  const known = await knownOf(deps, row, completion, value);
  const payload = { ...said.payload, [to]: known ?? (await read(deps, row, completion, value).catch(() => null)) };
  const whole: Said = { ...said, payload };
  const seal = await deps.secretBox.sealerOf(row.orgId);
  const scope: OrgScope = { orgId: row.orgId, actor: { type: 'system', id: 'connecthub' }, source: deps.owner };
  await deps.database.withOrg(scope, async (tx) => {
    const isOurs = and(
      eq(webhookEvents.orgId, row.orgId),
      eq(webhookEvents.eventId, row.eventId),
      eq(webhookEvents.leaseOwner, deps.owner),
    );
    await tx.db
      .update(webhookEvents)
      .set({ payload: sealSaid(seal, row, whole), text: null })
      .where(isOurs);
    const details = { provider: row.provider, type: row.type };
    tx.audit({ action: 'webhook.complete', objectType: 'webhook_event', objectId: row.eventId, allowed: true, details });
  });
  return whole;
}

async function read(deps: FetchDeps, row: EventRow, completion: CompletionDefinition, value: string): Promise<string | null> {
  const provider = deps.registry.provider(row.provider);
  if (!provider) return null;
  const { reader } = await connectionApi(deps, provider, { ...row, scopes: [] });
  return completion.read(value, reader);
}

/** Read for another event a while ago, by whichever copy. */
async function knownOf(
  { database, secretBox }: FetchDeps,
  { orgId, connectionId }: EventRow,
  { from, to }: CompletionDefinition,
  value: string,
): Promise<string | undefined> {
  const { eventId, payload, text, receivedAt } = webhookEvents;
  const isRecent = gt(receivedAt, sql`now() - make_interval(secs => ${KNOWN_FOR_SECONDS})`);
  const rows = await database.withOrgRead({ orgId }, (tx) =>
    tx.db
      .select({ orgId: webhookEvents.orgId, eventId, payload, text })
      .from(webhookEvents)
      .where(and(eq(webhookEvents.orgId, orgId), eq(webhookEvents.connectionId, connectionId), isRecent))
      .orderBy(desc(receivedAt))
      .limit(LOOK_THROUGH),
  );
  for (const row of rows) {
    const said = await openSaid(secretBox, row).catch(() => undefined);
    const name = said?.payload[from] === value ? said.payload[to] : undefined;
    if (typeof name === 'string') return name;
  }
  return undefined;
}
