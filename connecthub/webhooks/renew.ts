import { and, eq, ne, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { ConnectionRef, OrgScope, OrgTx } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import { webhookSubscriptions } from '../../db/schema/hub/webhook-subscriptions.ts';
import type { Logger } from '../../platform/logger.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { ProviderRefusal } from '../providers/refusal.ts';
import type { Registry } from '../providers/registry.ts';
import { connectionApi, type ConnectionApiDeps } from './connection-api.ts';
import type { Subscribed, WebhookEvent } from './definition.ts';
import { insertEvents } from './store.ts';

export interface RenewDeps extends ConnectionApiDeps {
  registry: Pick<Registry, 'provider'>;
  secretBox: Pick<SecretBox, 'sealerOf'>;
  logger: Logger;
  clock: () => Date;
}

const BATCH = 10;
const LEASE_MS = 60_000;
/** After a failure: long enough to leave a provider in trouble alone, far below the time that is left by then. */
const RETRY_SECONDS = 60;

/** Asks providers of the subscriptions that are due; each again well before it ends. */
export async function renewSubscriptions(deps: RenewDeps): Promise<number> {
  const refs = await deps.database.jobs.claimWebhookSubscriptions(deps.owner, BATCH, LEASE_MS);
  await Promise.all(refs.map((ref) => renew(deps, ref)));
  return refs.length;
}

async function renew(deps: RenewDeps, ref: ConnectionRef): Promise<void> {
  const connection = await deps.database.withOrgRead(ref, async (tx) => {
    const { provider, scopes } = connections;
    const isIt = and(eq(connections.orgId, ref.orgId), eq(connections.connectionId, ref.connectionId));
    const isThere = ne(connections.status, 'disconnected');
    return (await tx.db.select({ provider, scopes }).from(connections).where(and(isIt, isThere)))[0];
  });
  if (!connection) return change(deps, ref, 'webhook.unsubscribe', (tx) => tx.db.delete(webhookSubscriptions).where(isIts(ref)));
  try {
    const subscribed = await ask(deps, ref, connection);
    const seal = await deps.secretBox.sealerOf(ref.orgId);
    await change(deps, ref, 'webhook.subscribe', async (tx) => {
      await tx.db.update(webhookSubscriptions).set(rowOf(subscribed)).where(isIts(ref));
      await insertEvents(tx, seal, connection.provider, {
        connectionId: ref.connectionId,
        events: lookAgain(deps, connection.provider),
      });
    });
  } catch (error) {
    const lastError = reasonOf(error);
    deps.logger.warn(
      { err: error, connection_id: ref.connectionId, provider: connection.provider },
      'a provider does not promise to tell',
    );
    const leaseUntil = sql`now() + make_interval(secs => ${RETRY_SECONDS})`;
    await change(deps, ref, 'webhook.subscribe_failed', (tx) =>
      tx.db.update(webhookSubscriptions).set({ leaseOwner: null, leaseUntil, lastError }).where(isIts(ref)),
    );
  }
}

/** @throws ProviderRefusal, ClancyError */
async function ask(
  deps: RenewDeps,
  ref: ConnectionRef,
  { provider: id, scopes }: { provider: string; scopes: string[] },
): Promise<Subscribed> {
  const provider = deps.registry.provider(id);
  const subscription = provider?.definition.webhooks?.subscription;
  const topic = provider?.webhookSettings?.push?.topic ?? '';
  if (!provider || !subscription || (subscription.needsTopic === true && topic === '')) {
    throw new ClancyError('dependency_unavailable', 'The installation is not set up for it.');
  }
  return subscription.begin(await connectionApi(deps, provider, { ...ref, scopes }), topic);
}

function rowOf({ names = [], cursor, endsAt, renewAfterMs }: Subscribed) {
  return {
    names: [...names],
    // Where reading has got to stays: what was told in between is read from there.
    ...(cursor !== undefined && { cursor: sql`coalesce(${webhookSubscriptions.cursor}, ${cursor})` }),
    endsAt: endsAt ?? null,
    renewAt: sql`now() + make_interval(secs => ${renewAfterMs / 1_000})`,
    leaseOwner: null,
    leaseUntil: null,
    lastError: null,
  };
}

/** Announcements get lost: with each renewal the account is looked at as if there had been one. */
function lookAgain({ registry, clock }: RenewDeps, provider: string): WebhookEvent[] {
  if (!registry.provider(provider)?.definition.webhooks?.fetch) return [];
  const occurredAt = clock();
  const externalId = `renewed:${occurredAt.getTime()}`;
  return [{ accounts: [], externalId, type: `${provider}.renewed`, occurredAt, payload: {}, isAnnouncement: true }];
}

function change(
  deps: RenewDeps,
  { orgId, connectionId }: ConnectionRef,
  action: string,
  work: (tx: OrgTx) => Promise<unknown>,
): Promise<void> {
  const scope: OrgScope = { orgId, actor: { type: 'system', id: 'connecthub' }, source: deps.owner };
  return deps.database.withOrg(scope, async (tx) => {
    await work(tx);
    tx.audit({ action, objectType: 'connection', objectId: connectionId, allowed: true });
  });
}

function isIts({ orgId, connectionId }: ConnectionRef) {
  return and(eq(webhookSubscriptions.orgId, orgId), eq(webhookSubscriptions.connectionId, connectionId));
}

function reasonOf(error: unknown): string {
  if (error instanceof ProviderRefusal) return error.refusal.reason;
  return error instanceof ClancyError ? error.code : 'internal';
}
