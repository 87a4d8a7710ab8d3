import { and, eq, isNull, sql } from 'drizzle-orm';
import type { HubDatabase, OrgScope, OrgTx, WebhookEventRef } from '../../db/client.ts';
import { webhookEvents } from '../../db/schema/hub/webhook-events.ts';
import type { Logger } from '../../platform/logger.ts';
import { AgentCoreRefusal, type AgentCore } from '../jobs/agent-core.ts';
import type { HubMetrics } from '../metrics/hub-metrics.ts';
import { ProviderRefusal } from '../providers/refusal.ts';
import { completed } from './complete.ts';
import { openSaid, UnreadableEventError } from './sealed-event.ts';
import { fetchAnnounced, type FetchDeps } from './fetch.ts';
import { toTrigger, type EventRow } from './to-trigger.ts';

/** Longer than sending or fetching takes; a copy that died is succeeded after it. */
const LEASE_MS = 60_000;
/** Of different connections, so that they are carried at the same time. */
const BATCH = 20;
/** Rounds in one go, so that whoever stops the loop does not wait for the whole backlog. */
const MAX_ROUNDS = 50;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** Refusals for what the event is, until it is parked. */
const MAX_REFUSALS = 5;

export interface ForwardDeps extends FetchDeps {
  database: HubDatabase;
  agentCore: Pick<AgentCore, 'sendTrigger'>;
  logger: Logger;
  metrics: Pick<HubMetrics, 'forwarded'>;
  owner: string;
}

/**
 * Tells Agent-Core of stored events until it has taken them: at least once, since it knows an event by its id; of each
 * connection one after the other.
 */
export async function forwardEvents(deps: ForwardDeps): Promise<number> {
  let done = 0;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const refs = await deps.database.jobs.claimWebhookEvents(deps.owner, BATCH, LEASE_MS);
    if (refs.length === 0) break;
    const outcomes = await Promise.allSettled(refs.map((ref) => carry(deps, ref)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    done += refs.length;
  }
  return done;
}

async function carry(deps: ForwardDeps, ref: WebhookEventRef): Promise<void> {
  const row = await deps.database.withOrgRead(ref, async (tx) => {
    return (await tx.db.select().from(webhookEvents).where(isOurs(deps, ref)))[0];
  });
  if (!row) return;
  try {
    const decision = await (row.work === 'fetch' ? fetchAnnounced(deps, row) : tell(deps, row));
    if (decision === 'again') await update(deps, ref, 'webhook.fetch', { leaseOwner: null, leaseUntil: null }, row);
    else await update(deps, ref, 'webhook.forward', { sentAt: sql`now()`, decision, ...OVER }, row);
    deps.metrics.forwarded(row.provider, 'taken');
  } catch (error) {
    await fail(deps, ref, row, error);
  }
}

async function tell(deps: ForwardDeps, row: EventRow): Promise<string> {
  const said = await openSaid(deps.secretBox, row);
  return deps.agentCore.sendTrigger(toTrigger(row, await completed(deps, row, said)));
}

/**
 * Refused for what it is: by Agent-Core, or by the provider that it must be read from. What cannot be read is looked at a few
 * times too: it may have been sealed anew in this moment.
 */
function isFinal(error: unknown): boolean {
  if (error instanceof UnreadableEventError) return true;
  if (error instanceof AgentCoreRefusal) return error.isFinal;
  return error instanceof ProviderRefusal && (!error.refusal.retryable || error.refusal.code === 'scope_missing');
}

const OVER = { leaseOwner: null, leaseUntil: null, lastError: null };

async function fail(deps: ForwardDeps, ref: WebhookEventRef, row: EventRow, error: unknown): Promise<void> {
  const about = { err: error, event_id: ref.eventId, provider: row.provider };
  const lastError = (error instanceof Error ? error.message : 'unknown').slice(0, 200);
  const isRefused = isFinal(error);
  const refusals = row.refusals + (isRefused ? 1 : 0);
  if (refusals >= MAX_REFUSALS) {
    deps.logger.error(about, 'a webhook event is parked: it is refused for what it is, or cannot be read');
    deps.metrics.forwarded(row.provider, 'parked');
    return update(deps, ref, 'webhook.park', { parkedAt: sql`now()`, refusals, ...OVER, lastError }, row);
  }
  deps.logger.warn(about, 'a webhook event waits');
  deps.metrics.forwarded(row.provider, 'postponed');
  const asked = error instanceof ProviderRefusal ? (error.refusal.retryAfterMs ?? 0) : 0;
  const pauseMs = Math.max(asked, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(row.attempts - 1, 10)));
  const leaseUntil = sql`now() + make_interval(secs => ${pauseMs / 1_000})`;
  await update(deps, ref, 'webhook.postpone', { leaseOwner: null, leaseUntil, refusals, lastError }, row);
}

/** Where the lease has passed to another copy meanwhile, what it finds stands. */
function update(
  deps: ForwardDeps,
  ref: WebhookEventRef,
  action: string,
  set: Parameters<ReturnType<OrgTx['db']['update']>['set']>[0],
  { provider, type }: EventRow,
): Promise<void> {
  const scope: OrgScope = { orgId: ref.orgId, actor: { type: 'system', id: 'connecthub' }, source: deps.owner };
  return deps.database.withOrg(scope, async (tx) => {
    await tx.db.update(webhookEvents).set(set).where(isOurs(deps, ref));
    tx.audit({ action, objectType: 'webhook_event', objectId: ref.eventId, allowed: true, details: { provider, type } });
  });
}

function isOurs(deps: ForwardDeps, ref: WebhookEventRef) {
  return and(
    eq(webhookEvents.orgId, ref.orgId),
    eq(webhookEvents.eventId, ref.eventId),
    eq(webhookEvents.leaseOwner, deps.owner),
    isNull(webhookEvents.sentAt),
    isNull(webhookEvents.parkedAt),
  );
}
