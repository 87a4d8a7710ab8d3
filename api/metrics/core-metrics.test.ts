import { expect, test } from 'vitest';
import type { AuditEntry } from '../../db/client.ts';
import { createMetrics } from '../../platform/metrics/metrics.ts';
import { parseExposition } from '../../test/metrics/exposition.ts';
import { createCoreMetrics } from './core-metrics.ts';

/** What is said after a commit with these entries. */
async function after(...entries: (Pick<AuditEntry, 'action' | 'details'> & { allowed?: boolean })[]) {
  const metrics = createMetrics({ version: '1', mode: 'staging' });
  const core = createCoreMetrics(metrics);
  core.onCommitted(entries.map((entry) => ({ allowed: true, objectType: 'run', objectId: 'emp:1', ...entry })));
  return parseExposition(await metrics.text());
}

test('a run counts when it is accepted and when it ends, with the code of what stopped it', async () => {
  const said = await after(
    { action: 'run.start', details: { trigger: 'external_event' } },
    { action: 'run.close', details: { status: 'failed', by: 'workflow', error_code: 'policy_denied' } },
    { action: 'run.close', details: { status: 'completed', by: 'workflow' } },
  );
  expect(said.value('clancy_runs_accepted_total', { trigger: 'external_event' })).toBe(1);
  expect(said.series('clancy_runs_ended_total')).toEqual([
    { labels: { status: 'failed', error_code: 'policy_denied' }, value: 1 },
    { labels: { status: 'completed', error_code: 'none' }, value: 1 },
  ]);
  expect(said.sum('clancy_reconciler_repairs_total')).toBe(0);
});

test('a run that the reconciler closes or marks is a repair', async () => {
  const said = await after(
    { action: 'run.close', details: { status: 'interrupted', by: 'reconciler' } },
    { action: 'run.stuck', details: { waits_on: 'engine' } },
    { action: 'run.stuck', details: { waits_on: 'worker' } },
    { action: 'run.unstuck' },
  );
  for (const repair of ['run_closed', 'marked_engine', 'marked_worker']) {
    expect(said.value('clancy_reconciler_repairs_total', { repair })).toBe(1);
  }
  expect(said.sum('clancy_reconciler_repairs_total')).toBe(3);
});

test('a trigger counts by what became of it', async () => {
  const said = await after(
    { action: 'trigger.decide', details: { source: 'webhook', decision: 'unmatched' } },
    { action: 'trigger.decide', details: { source: 'person', decision: 'started' } },
  );
  expect(said.value('clancy_triggers_decided_total', { source: 'webhook', decision: 'unmatched' })).toBe(1);
  expect(said.value('clancy_triggers_decided_total', { source: 'person', decision: 'started' })).toBe(1);
});

test('an instant of a schedule counts as started with its run, or as refused', async () => {
  const said = await after(
    { action: 'run.start', details: { trigger: 'schedule' } },
    { action: 'schedule.fire', allowed: false, details: { code: 'permission_missing' } },
    { action: 'run.start', details: { trigger: 'direct_command' } },
  );
  expect(said.value('clancy_schedule_firings_total', { outcome: 'started' })).toBe(1);
  expect(said.value('clancy_schedule_firings_total', { outcome: 'refused' })).toBe(1);
});

test('questions, answers and messages count by their step', async () => {
  const said = await after(
    { action: 'approval.request' },
    { action: 'approval.approve' },
    { action: 'approval.reject' },
    { action: 'approval.expire' },
    { action: 'outbox.send', details: { kind: 'signal' } },
    { action: 'outbox.postpone', details: { kind: 'start_run' } },
  );
  for (const step of ['requested', 'approved', 'rejected', 'expired']) {
    expect(said.value('clancy_approvals_total', { step })).toBe(1);
  }
  expect(said.value('clancy_outbox_messages_total', { kind: 'signal', outcome: 'sent' })).toBe(1);
  expect(said.value('clancy_outbox_messages_total', { kind: 'start_run', outcome: 'postponed' })).toBe(1);
});

test('a code that nobody knows makes no series of its own, whatever it is', async () => {
  const said = await after(
    { action: 'run.close', details: { status: 'failed', by: 'workflow', error_code: 'org_1"}\n' } },
    { action: 'run.close', details: { status: 'failed', by: 'workflow', error_code: { org: 1 } } },
  );
  expect(said.series('clancy_runs_ended_total')).toEqual([
    { labels: { status: 'failed', error_code: 'other' }, value: 1 },
    { labels: { status: 'failed', error_code: 'none' }, value: 1 },
  ]);
});
