import { ERROR_CODES } from '../../contracts/errors.ts';
import { triggerSchema } from '../../contracts/events.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { AuditEntry } from '../../db/client.ts';
import { outbox } from '../../db/schema/core/outbox.ts';
import { triggers } from '../../db/schema/core/triggers.ts';
import { httpMetrics, type Served } from '../../platform/metrics/http.ts';
import { jobMetrics, type JobDone } from '../../platform/metrics/jobs.ts';
import type { Metrics } from '../../platform/metrics/metrics.ts';

/** What Agent-Core counts as it happens. */
export interface CoreMetrics {
  onServed(served: Served): void;
  /** For the database: what is audited is counted, once it stands. */
  onCommitted(entries: readonly AuditEntry[]): void;
  /** Of the loops of Agent-Core. */
  jobDone: JobDone;
}

const NO_CODE = 'none';

export function createCoreMetrics(metrics: Metrics): CoreMetrics {
  const counts = createCounts(metrics);
  return {
    onServed: httpMetrics(metrics),
    onCommitted: (entries) => {
      for (const entry of entries) counts(entry);
    },
    jobDone: jobMetrics(metrics, ['relay', 'reconciler', 'blob_retention', 'fact_triggers', 'audit_seal']),
  };
}

function createCounts(metrics: Metrics): (entry: AuditEntry) => void {
  const runs = runCounts(metrics);
  const approvals = approvalCounts(metrics);
  const firings = metrics.counter({
    name: 'clancy_schedule_firings_total',
    help: 'Instants of schedules: for which a run was accepted, and which passed without one because it was refused.',
    labels: { outcome: ['started', 'refused'] },
  });
  const decisions = metrics.counter({
    name: 'clancy_triggers_decided_total',
    help: 'Triggers, by what the supervisor, or a person who was asked, made of them.',
    labels: { source: triggers.source.enumValues, decision: triggers.decision.enumValues },
  });
  const messages = metrics.counter({
    name: 'clancy_outbox_messages_total',
    help: 'Attempts to carry a message of the outbox to Temporal or Cognito.',
    labels: { kind: outbox.kind.enumValues, outcome: ['sent', 'postponed'] },
  });
  return (entry) => {
    runs(entry);
    approvals(entry);
    const { action, details = {} } = entry;
    if (action === 'run.start' && details['trigger'] === 'schedule') firings.add({ outcome: 'started' });
    if (action === 'schedule.fire' && !entry.allowed) firings.add({ outcome: 'refused' });
    if (action === 'trigger.decide') decisions.add({ source: wordOf(details, 'source'), decision: wordOf(details, 'decision') });
    if (action === 'outbox.send') messages.add({ kind: wordOf(details, 'kind'), outcome: 'sent' });
    if (action === 'outbox.postpone') messages.add({ kind: wordOf(details, 'kind'), outcome: 'postponed' });
  };
}

function runCounts(metrics: Metrics): (entry: AuditEntry) => void {
  const accepted = metrics.counter({
    name: 'clancy_runs_accepted_total',
    help: 'Runs that were accepted, by what asked for them.',
    labels: { trigger: triggerSchema.shape.type.options },
  });
  const ended = metrics.counter({
    name: 'clancy_runs_ended_total',
    help: 'Runs that ended, by how, and by the code of what stopped them.',
    labels: { status: ['completed', 'failed', 'interrupted'], error_code: [NO_CODE, ...ERROR_CODES] },
  });
  const repairs = metrics.counter({
    name: 'clancy_reconciler_repairs_total',
    help: 'Runs that the reconciler had to close, or to mark as waiting on the engine or on a worker.',
    labels: { repair: ['run_closed', 'marked_engine', 'marked_worker'] },
  });
  return ({ action, details = {} }) => {
    if (action === 'run.start') accepted.add({ trigger: wordOf(details, 'trigger') });
    if (action === 'run.stuck') repairs.add({ repair: `marked_${wordOf(details, 'waits_on')}` });
    if (action !== 'run.close') return;
    ended.add({ status: wordOf(details, 'status'), error_code: wordOf(details, 'error_code') ?? NO_CODE });
    if (details['by'] === 'reconciler') repairs.add({ repair: 'run_closed' });
  };
}

/** A word of the details; the label's list says whether it is one that may be counted by. */
function wordOf(details: JsonObject, name: string): string | undefined {
  const word = details[name];
  return typeof word === 'string' ? word : undefined;
}

const APPROVAL_STEPS: ReadonlyMap<string, string> = new Map([
  ['approval.request', 'requested'],
  ['approval.approve', 'approved'],
  ['approval.reject', 'rejected'],
  ['approval.expire', 'expired'],
]);

function approvalCounts(metrics: Metrics): (entry: AuditEntry) => void {
  const steps = metrics.counter({
    name: 'clancy_approvals_total',
    help: 'Approvals that were asked for, given, refused, or not answered in time.',
    labels: { step: [...APPROVAL_STEPS.values()] },
  });
  return ({ action }) => {
    const step = APPROVAL_STEPS.get(action);
    if (step !== undefined) steps.add({ step });
  };
}
