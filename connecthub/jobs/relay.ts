import { and, eq, isNull, sql } from 'drizzle-orm';
import type { HubDatabase, OrgScope, OrgTx, OutboxRef } from '../../db/client.ts';
import { hubOutbox } from '../../db/schema/hub/outbox.ts';
import type { Logger } from '../../platform/logger.ts';
import type { AgentCore } from './agent-core.ts';

/** Longer than a delivery takes; a relay that died is succeeded after it. */
const LEASE_MS = 30_000;
const BATCH = 20;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

/** What each kind is called in the audit. */
const WORDS = { receipt_resolved: 'decision', connection_changed: 'connection_change' } as const;

export interface RelayDeps {
  database: HubDatabase;
  agentCore: AgentCore;
  logger: Logger;
  owner: string;
}

/** Hands decisions and news of connections to Agent-Core until it has taken them: at least once, since it knows each by its id. */
export async function relayOutbox(deps: RelayDeps): Promise<number> {
  const refs = await deps.database.jobs.claimOutbox(deps.owner, BATCH, LEASE_MS);
  for (const ref of refs) await deliver(deps, ref);
  return refs.length;
}

async function deliver(deps: RelayDeps, ref: OutboxRef): Promise<void> {
  const row = await deps.database.withOrgRead(ref, async (tx) => {
    const columns = { kind: hubOutbox.kind, payload: hubOutbox.payload, attempts: hubOutbox.attempts };
    return (await tx.db.select(columns).from(hubOutbox).where(isOurs(deps, ref)))[0];
  });
  if (!row) return;
  const { agentCore } = deps;
  const what = WORDS[row.kind];
  try {
    await (row.kind === 'connection_changed' ? agentCore.sendConnection(row.payload) : agentCore.sendDecision(row.payload));
    await update(deps, ref, `${what}.sent`, (tx) =>
      tx.db
        .update(hubOutbox)
        .set({ sentAt: sql`now()`, leaseOwner: null })
        .where(isOurs(deps, ref)),
    );
  } catch (error) {
    deps.logger.warn({ err: error, outbox_id: ref.id }, `a ${what} waits for Agent-Core`);
    await postpone(deps, ref, row.attempts, { error, what });
  }
}

async function postpone(
  deps: RelayDeps,
  ref: OutboxRef,
  attempts: number,
  { error, what }: { error: unknown; what: string },
): Promise<void> {
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts, 10));
  const lastError = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
  const set = { leaseOwner: null, leaseUntil: sql`now() + make_interval(secs => ${pauseMs / 1_000})`, lastError };
  await update(deps, ref, `${what}.postponed`, (tx) => tx.db.update(hubOutbox).set(set).where(isOurs(deps, ref)));
}

function update(deps: RelayDeps, ref: OutboxRef, action: string, change: (tx: OrgTx) => Promise<unknown>): Promise<void> {
  const scope: OrgScope = { orgId: ref.orgId, actor: { type: 'system', id: 'connecthub' }, source: deps.owner };
  return deps.database.withOrg(scope, async (tx) => {
    await change(tx);
    tx.audit({ action, objectType: 'outbox', objectId: String(ref.id), allowed: true });
  });
}

function isOurs(deps: RelayDeps, ref: OutboxRef) {
  return and(
    eq(hubOutbox.orgId, ref.orgId),
    eq(hubOutbox.id, ref.id),
    eq(hubOutbox.leaseOwner, deps.owner),
    isNull(hubOutbox.sentAt),
  );
}
