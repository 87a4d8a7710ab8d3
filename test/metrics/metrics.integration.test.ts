import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { post } from '../faults/one-skill.ts';
import { openSite, type Site } from '../faults/site.ts';
import { findSecrets } from '../leaks/search.ts';
import { untilAsked } from '../until.ts';
import { startScraped, type Process, type Scraped } from './scraped-stack.ts';
import type { Exposition, Labels } from './exposition.ts';

const CANARY = 'canary-5d1f0c3be7a94c26-of-the-customer';

let scraped: Scraped;
let site: Site;
const runs: string[] = [];
beforeAll(async () => {
  scraped = await startScraped();
  site = await openSite(scraped.stack);
}, 300_000);
afterAll(() => scraped?.close());

async function started(skill: Parameters<Site['start']>[0]): Promise<string> {
  const run = await site.start(skill);
  runs.push(run);
  return run;
}

/** The value that a sum over series has once figures are asked for anew: they serve for a few seconds. */
async function untilShown(process: Process, name: string, labels: Labels, wanted: number): Promise<Exposition> {
  return waitUntil(
    async () => {
      const shown = (await scraped.scrape())[process];
      return shown.sum(name, labels) === wanted ? shown : undefined;
    },
    { timeoutMs: 55_000, everyMs: 1_000, what: `${name}${JSON.stringify(labels)} = ${wanted}` },
  );
}

/** How much the sum over these series has grown meanwhile. */
type Grown = (process: Process, name: string, labels?: Labels) => number;
async function meanwhile(work: () => Promise<unknown>): Promise<Grown> {
  const before = await scraped.scrape();
  await work();
  const after = await scraped.scrape();
  return (process, name, labels) => after[process].sum(name, labels) - before[process].sum(name, labels);
}

describe('the figures move', () => {
  test('with a run that ends well: request, run, outbox, bursts, call, provider', async () => {
    const grown = await meanwhile(async () => site.untilEnded(await started({ nodes: [post(`all well ${CANARY}`)] })));
    const route = '/v1/employees/:employee_id/runs';
    expect(grown('api', 'http_request_duration_seconds_count', { method: 'POST', route, status: '202' })).toBe(1);
    expect(grown('api', 'clancy_runs_accepted_total', { trigger: 'direct_command' })).toBe(1);
    expect(grown('api', 'clancy_outbox_messages_total', { kind: 'start_run', outcome: 'sent' })).toBe(1);
    expect(grown('api', 'clancy_runs_ended_total', { status: 'completed', error_code: 'none' })).toBe(1);
    expect(grown('worker', 'clancy_burst_duration_seconds_count', { outcome: 'waiting' })).toBe(1);
    expect(grown('worker', 'clancy_burst_duration_seconds_count', { outcome: 'done' })).toBe(1);
    expect(grown('worker', 'clancy_payload_key_lookups_total', { outcome: 'miss' })).toBeGreaterThan(0);
    expect(grown('worker', 'clancy_payload_key_lookups_total', { outcome: 'hit' })).toBeGreaterThan(0);
    const call = { provider: 'slack', capability: 'slack.post' };
    expect(grown('connecthub', 'clancy_calls_total', { ...call, outcome: 'succeeded' })).toBe(1);
    expect(grown('connecthub', 'clancy_call_states_total', { state: 'succeeded' })).toBe(1);
    expect(grown('connecthub', 'clancy_provider_duration_seconds_count', { provider: 'slack', outcome: 'succeeded' })).toBe(1);
  });

  test('with a call that the provider refuses, and the run that fails by it', async () => {
    const grown = await meanwhile(async () => site.untilEnded(await started({ nodes: [post(CANARY, '#nowhere')] })));
    expect(grown('api', 'clancy_runs_ended_total', { status: 'failed', error_code: 'provider_refused' })).toBe(1);
    expect(grown('connecthub', 'clancy_calls_total', { provider: 'slack', outcome: 'refused' })).toBe(1);
    expect(grown('connecthub', 'clancy_call_refusals_total', { provider: 'slack', code: 'provider_refused' })).toBe(1);
    expect(grown('connecthub', 'clancy_provider_duration_seconds_count', { outcome: 'refused' })).toBe(1);
  });

  test('with a provider that says 429, and the call that waits it out', async () => {
    const limit = { kind: 'status', status: 429, retry_after: 1 } as const;
    await scraped.stack.sandbox.inject({ team: site.team, method: 'chat.postMessage', times: 1, ...limit });
    const grown = await meanwhile(async () => site.untilEnded(await started({ nodes: [post(CANARY)] })));
    expect(grown('connecthub', 'clancy_provider_rate_limited_total', { provider: 'slack' })).toBe(1);
    expect(grown('connecthub', 'clancy_calls_total', { outcome: 'succeeded' })).toBe(1);
  });

  test('with an approval that waits while the worker is killed, and is given afterwards', async () => {
    const run = await started({ nodes: [post(CANARY)], effect: 'require_approval' });
    const [question] = await untilAsked(site.manager, run, 1);
    const waiting = await untilShown('api', 'clancy_approvals_pending', {}, 1);
    expect(waiting.value('clancy_runs_waiting', { on: 'approval' })).toBe(1);
    expect(waiting.value('clancy_runs_open', { status: 'running' })).toBe(1);
    expect(waiting.value('clancy_approvals_oldest_pending_age_seconds')).toBeGreaterThan(0);
    const { worker } = scraped.stack.stack.processes;
    worker.kill('SIGKILL');
    await worker.restart();
    expect((await scraped.scrape()).worker.sum('clancy_burst_duration_seconds_count')).toBe(0);
    await site.manager.approvals.approve(question!.approval_id);
    await site.untilEnded(run);
    const done = await untilShown('api', 'clancy_approvals_pending', {}, 0);
    expect(done.value('clancy_approvals_total', { step: 'requested' })).toBe(1);
    expect(done.value('clancy_approvals_total', { step: 'approved' })).toBe(1);
    expect(done.value('clancy_runs_open', { status: 'running' })).toBe(0);
    expect((await scraped.scrape()).worker.sum('clancy_burst_duration_seconds_count')).toBeGreaterThan(0);
  });
});

test('what is open, connected and polled is asked of the databases and of Temporal', async () => {
  const { api, connecthub } = await scraped.scrape();
  expect(api.value('clancy_task_queue_workers', { queue: 'agent-core' })).toBe(1);
  expect(api.sum('clancy_task_queue_workers', { queue: 'agent-workers' })).toBeGreaterThan(0);
  expect(connecthub.value('clancy_connections', { provider: 'slack', state: 'active' })).toBe(1);
  expect(connecthub.sum('clancy_db_connections')).toBeGreaterThan(0);
  for (const shown of [api, connecthub]) expect(shown.sum('clancy_scrape_errors_total')).toBe(0);
});

test("Temporal's SDK tells of its workers, Node of its processes, each process of its build", async () => {
  const { api, connecthub, worker } = await scraped.scrape();
  const queue = { task_queue: 'agent-workers' };
  expect(worker.sum('temporal_workflow_task_queue_poll_succeed_total', queue)).toBeGreaterThan(0);
  expect(worker.sum('temporal_worker_task_slots_available', queue)).toBeGreaterThan(0);
  expect(api.sum('temporal_activity_task_received_total', { activity_type: 'recordRunResult' })).toBeGreaterThan(0);
  for (const shown of [api, connecthub, worker]) {
    expect(shown.sum('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(shown.sum('clancy_build_info', { mode: 'development' })).toBe(1);
  }
});

test('what anybody types makes no series of its own', async () => {
  const { api, connecthub } = scraped.stack.stack.urls;
  const grown = await meanwhile(async () => {
    for (const url of [api, connecthub]) {
      for (const path of [`/${CANARY}`, `/v1/${CANARY}?x=${CANARY}`, `/proxy/${CANARY}/${CANARY}`, '/%ff', '/metrics']) {
        await fetch(`${url}${path}`);
        await fetch(`${url}${path}`, { method: 'PROPFIND' });
      }
    }
  });
  expect(grown('api', 'http_request_duration_seconds_count', { route: 'none' })).toBeGreaterThan(5);
  expect(grown('connecthub', 'http_request_duration_seconds_count', { route: 'none' })).toBeGreaterThan(5);
});

test('the public ports have no metrics, and the ports of the metrics have nothing else', async () => {
  const { urls } = scraped;
  for (const url of Object.values(scraped.stack.stack.urls)) expect((await fetch(`${url}/metrics`)).status).toBe(404);
  for (const url of [urls.api, urls.connecthub]) {
    expect((await fetch(url.replace('/metrics', '/health'))).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  }
});

test('nothing that was ever scraped names an organisation, an employee, a run, an account, or says what anybody said', async () => {
  const person = await site.query('select user_id from authz.memberships where org_id = $1');
  const secrets = [
    { name: 'organisation', value: site.org.orgId },
    { name: 'workspace', value: site.team },
    { name: 'connection', value: site.connectionId },
    { name: 'text', value: CANARY },
    ...person.map(({ user_id }) => ({ name: 'person', value: String(user_id) })),
    ...runs.map((run) => ({ name: 'run', value: run })),
    ...runs.map((run) => ({ name: 'employee', value: run.slice(4, 30) })),
  ];
  const places = scraped.texts.map((text, index) => ({ name: `scrape ${index}`, bytes: Buffer.from(text) }));
  expect(places.length).toBeGreaterThan(20);
  expect(findSecrets(secrets, places)).toEqual([]);
});
