import type { AuditEntry } from '../../db/client.ts';
import { hubOutbox } from '../../db/schema/hub/outbox.ts';
import { httpMetrics, type Served } from '../../platform/metrics/http.ts';
import { jobMetrics, type JobDone } from '../../platform/metrics/jobs.ts';
import type { Metrics } from '../../platform/metrics/metrics.ts';
import type { Registry } from '../providers/registry.ts';
import { callMetrics, type CallMetrics } from './call-metrics.ts';
import { vaultMetrics, type VaultMetrics } from './vault-metrics.ts';
import { webhookMetrics, type WebhookMetrics } from './webhook-metrics.ts';

/** What ConnectHub counts as it happens. */
export interface HubMetrics extends CallMetrics, WebhookMetrics, VaultMetrics {
  onServed(served: Served): void;
  /** For the database: what is audited is counted, once it stands. */
  onCommitted(entries: readonly AuditEntry[]): void;
  /** Of the loops that settle calls, carry decisions and end what was left of connections. */
  jobDone: JobDone;
  /** Rows of a table that were past their time, or months of receipts. */
  cleaned(what: string, rows: number): void;
}

const CLEANED = ['call_keys', 'approval_uses', 'budget_use', 'rate_shares', 'oauth_states', 'receipt_months'];

export function createHubMetrics(metrics: Metrics, registry: Registry): HubMetrics {
  const count = createCounts(metrics);
  const cleaned = metrics.counter({
    name: 'clancy_cleaned_total',
    help: 'Rows that were deleted because they were past their time, by table, and months of receipts that were dropped.',
    labels: { what: CLEANED },
  });
  return {
    ...callMetrics(metrics, registry),
    ...webhookMetrics(metrics, registry),
    ...vaultMetrics(metrics),
    onServed: httpMetrics(metrics),
    onCommitted: (entries) => {
      for (const entry of entries) count(entry);
    },
    jobDone: jobMetrics(metrics, ['settle', 'relay', 'left-connections', 'webhooks', 'webhook-upkeep', 'clean', 'audit-seal']),
    cleaned: (what, rows) => cleaned.add({ what }, rows),
  };
}

const REFRESHES: ReadonlyMap<string, string> = new Map([
  ['connection.refresh', 'refreshed'],
  ['connection.refresh_failed', 'failed'],
  ['connection.needs_reauth', 'needs_reauth'],
]);
const MESSAGES: ReadonlyMap<string, { kind: (typeof hubOutbox.kind.enumValues)[number]; outcome: 'sent' | 'postponed' }> =
  new Map([
    ['decision.sent', { kind: 'receipt_resolved', outcome: 'sent' }],
    ['decision.postponed', { kind: 'receipt_resolved', outcome: 'postponed' }],
    ['connection_change.sent', { kind: 'connection_changed', outcome: 'sent' }],
    ['connection_change.postponed', { kind: 'connection_changed', outcome: 'postponed' }],
  ]);
const STATES = ['succeeded', 'refused', 'maybe', 'unknown'] as const;

function createCounts(metrics: Metrics): (entry: AuditEntry) => void {
  const refreshes = metrics.counter({
    name: 'clancy_token_refreshes_total',
    help: "Refreshes of connections' tokens. `needs_reauth`: the provider ended the grant, a person must connect again.",
    labels: { outcome: [...REFRESHES.values()] },
  });
  const states = metrics.counter({
    name: 'clancy_call_states_total',
    help: 'States that the ledger has recorded for calls: by an attempt, by looking at the provider, or because a lease ended.',
    labels: { state: STATES },
  });
  const resolutions = metrics.counter({
    name: 'clancy_receipts_resolved_total',
    help: 'Calls of unknown outcome that a person has answered.',
  });
  const messages = metrics.counter({
    name: 'clancy_outbox_messages_total',
    help: 'Attempts to carry a message of the outbox to Agent-Core.',
    labels: { kind: hubOutbox.kind.enumValues, outcome: ['sent', 'postponed'] },
  });
  return ({ action, allowed }) => {
    const refresh = REFRESHES.get(action);
    if (refresh !== undefined) refreshes.add({ outcome: refresh });
    const message = MESSAGES.get(action);
    if (message !== undefined) messages.add(message);
    const state = STATES.find((word) => action === `call.${word}`);
    if (state) states.add({ state });
    if (action === 'receipt.resolve' && allowed) resolutions.add({});
  };
}
