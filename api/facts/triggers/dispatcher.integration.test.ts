import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Explanation } from '../../../contracts/employee-graph.ts';
import type { ExecutionResult } from '../../../contracts/events.ts';
import type { OrgScope } from '../../../db/client.ts';
import { adoptSubscriptions } from '../../supervisor/adopt-subscriptions.ts';
import { filterKeyOf } from '../../supervisor/event-filter.ts';
import { subscriptions } from '../../../db/schema/core/subscriptions.ts';
import { closeRun } from '../../runs/close.ts';
import { findRun } from '../../runs/find.ts';
import { startTestCore, type TestCore } from '../../testing/agent-core.ts';
import { asOwner } from '../../testing/as-owner.ts';
import { call } from '../../testing/call.ts';
import { hire } from '../../testing/hire.ts';
import type { TestPerson } from '../../testing/people.ts';
import { recordFact } from '../record-fact.ts';
import { beginAtHead } from './cursor.ts';
import { triggerByFacts, type FactTriggersDeps } from './dispatcher.ts';

let core: TestCore;

beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

const deps = (): FactTriggersDeps => core.copy.core.http;
const { GET, POST } = {
  GET: async (who: TestPerson, path: string) => (await call(core.copy.url, who, path)).json,
  POST: async (who: TestPerson, path: string, body: object = {}) => (await call(core.copy.url, who, path, { body })).json,
};
const scopeOf = ({ orgId, userId }: TestPerson): OrgScope => ({ orgId, actor: { type: 'person', id: userId }, source: 'test' });
const triggersOf = async (who: TestPerson) =>
  (await GET(who, '/v1/triggers?limit=100')).items.filter(({ source }: { source: string }) => source === 'fact');

/** Subscribes as activation does. */
async function subscribe(who: TestPerson, employeeId: string, type: string, filter: Record<string, string> = {}) {
  await deps().db.withOrg(scopeOf(who), async (tx) => {
    const about = { employeeId, ownerUserId: who.userId, type, filter, filterKey: filterKeyOf(filter) };
    await tx.db.insert(subscriptions).values({ orgId: who.orgId, ...about, entrySkills: [], sentence: `When ${type}` });
    await beginAtHead(tx);
    tx.audit({ action: 'subscription.create', objectType: 'subscription', objectId: employeeId, allowed: true });
  });
}

async function startRun(who: TestPerson, employeeId: string): Promise<string> {
  return (await POST(who, `/v1/employees/${employeeId}/runs`)).run_id;
}

/** Ends a run as its workflow would. */
async function end(who: TestPerson, runId: string, status: ExecutionResult['status']): Promise<void> {
  await deps().db.withOrg(scopeOf(who), async (tx) => {
    const run = await findRun(tx, runId, 'update');
    const about = { org_id: run.orgId, employee_id: run.employeeId, execution_id: run.executionId, run_id: runId };
    const result: ExecutionResult = {
      event_id: run.executionId,
      schema_version: 1,
      ...about,
      timestamp: new Date().toISOString(),
      type: 'executionResult',
      status,
      result: {},
      skills_executed: [],
      execution_time_ms: 1,
      capabilities_used: [],
      hierarchical_events: [],
      ...(status === 'failed' && { error: 'No.', error_code: 'provider_refused' }),
    };
    await closeRun(tx, run, result, 'test');
  });
}

test('a fact starts whoever is subscribed to it, in the name of who subscribed, and the run says why', async () => {
  const who = await core.person('owner');
  const [worker, helper] = [await hire(core.copy.url, who), await hire(core.copy.url, who)];
  const before = await startRun(who, worker);
  await end(who, before, 'failed');
  await subscribe(who, helper, 'clancy.run_failed', { employee: worker });
  const [failing, fine] = [await startRun(who, worker), await startRun(who, worker)];
  await end(who, fine, 'completed');
  await end(who, failing, 'failed');
  await triggerByFacts(deps());
  const [trigger, ...others] = await triggersOf(who);
  expect(others).toEqual([]);
  expect(trigger).toMatchObject({ type: 'clancy.run_failed', decision: 'started', rule: 'subscription' });
  expect(trigger.runs).toMatchObject([{ employee_id: helper }]);
  const run = await GET(who, `/v1/runs/${encodeURIComponent(trigger.runs[0].run_id)}`);
  expect(run.trigger).toMatchObject({
    type: 'internal_event',
    source: expect.stringMatching(/^fact:\d+$/),
    payload: {
      event: { type: 'clancy.run_failed', payload: { run_id: failing, employee: worker, error_code: 'provider_refused' } },
    },
  });
  expect(run.initiator).toMatchObject({ type: 'event', id: who.userId });
  const told = await GET(who, '/v1/facts?kind=TriggerDecided');
  expect(told.items).toMatchObject([{ data: { source: 'fact', decision: 'started', runs: [trigger.runs[0].run_id] } }]);
  await triggerByFacts(deps());
  expect(await triggersOf(who)).toHaveLength(1);
});

test('an employee answers its own failed run once; then the loop is said, kept and in the audit', async () => {
  const who = await core.person('owner');
  const self = await hire(core.copy.url, who);
  await subscribe(who, self, 'clancy.run_failed');
  await end(who, await startRun(who, self), 'failed');
  await triggerByFacts(deps());
  const [first] = await triggersOf(who);
  await end(who, first.runs[0].run_id, 'failed');
  await triggerByFacts(deps());
  const [refused] = await triggersOf(who);
  expect(refused).toMatchObject({
    decision: 'refused',
    runs: [],
    reason: expect.stringMatching(/Loop protection: it has a part/),
  });
  expect((await GET(who, '/v1/triggers?decision=refused')).items).toHaveLength(1);
  expect(await core.audit(who.orgId, 'trigger.decide')).toMatchObject([
    { allowed: true },
    { allowed: false, details: { decision: 'refused' } },
  ]);
});

test('two who wait for each other come to an end', async () => {
  const who = await core.person('owner');
  const [ping, pong] = [await hire(core.copy.url, who), await hire(core.copy.url, who)];
  await subscribe(who, ping, 'clancy.run_completed', { employee: pong });
  await subscribe(who, pong, 'clancy.run_completed', { employee: ping });
  await end(who, await startRun(who, ping), 'completed');
  for (let round = 0; round < 10; round += 1) {
    await triggerByFacts(deps());
    const { items } = await GET(who, '/v1/runs?limit=100');
    for (const run of items) if (run.status === 'requested') await end(who, run.run_id, 'completed');
  }
  const decisions = (await triggersOf(who)).map(({ decision }: { decision: string }) => decision).toReversed();
  expect(decisions).toEqual(['started', 'started', 'started', 'refused']);
});

test('a connection that needs a person is an event of its own', async () => {
  const who = await core.person('owner');
  const keeper = await hire(core.copy.url, who);
  await subscribe(who, keeper, 'clancy.connection_needs_reauth', { provider: 'slack' });
  const change = (status: 'active' | 'needs_reauth') =>
    deps().db.withOrg(scopeOf(who), async (tx) => {
      const account = {
        connection_id: 'conn_1',
        provider: 'slack',
        account_id: 'T1',
        account_name: 'Acme',
        token_kind: 'bot',
      } as const;
      await recordFact(tx, { kind: 'ConnectionChanged', data: { ...account, status } });
      tx.audit({ action: 'connection.changed', objectType: 'connection', objectId: 'conn_1', allowed: true });
    });
  await change('active');
  await change('needs_reauth');
  await triggerByFacts(deps());
  expect(await triggersOf(who)).toMatchObject([{ type: 'clancy.connection_needs_reauth', runs: [{ employee_id: keeper }] }]);
});

test('four copies at once, one of which loses its connection in the middle, start each run once', async () => {
  const who = await core.person('owner');
  const [worker, helper] = [await hire(core.copy.url, who), await hire(core.copy.url, who)];
  await subscribe(who, helper, 'clancy.run_failed', { employee: worker });
  const failing = await Promise.all(Array.from({ length: 8 }, () => startRun(who, worker)));
  await Promise.all(failing.map((runId) => end(who, runId, 'failed')));
  let isKilled = false;
  const dying: FactTriggersDeps = {
    ...deps(),
    logger: { warn: () => undefined, error: () => undefined },
    capabilityFacts: async (tx, ...rest) => {
      if (!isKilled) {
        isKilled = true;
        const { rows } = await tx.db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
        await asOwner(core.database.ownerUrl, 'select pg_terminate_backend($1)', [rows[0]?.pid]);
      }
      return deps().capabilityFacts(tx, ...rest);
    },
  };
  await triggerByFacts(dying);
  expect([isKilled, await triggersOf(who)]).toEqual([true, []]);
  await asOwner(core.database.ownerUrl, 'update core.fact_cursors set retry_at = null where org_id = $1', [who.orgId]);
  await Promise.all(Array.from({ length: 4 }, () => triggerByFacts(deps())));
  await triggerByFacts(deps());
  const started = (await triggersOf(who)).flatMap(({ runs }: { runs: { run_id: string }[] }) => runs.map(({ run_id }) => run_id));
  expect([started.length, new Set(started).size]).toEqual([8, 8]);
});

test('a fact that cannot be decided about is passed over in the end, and stands in the audit', async () => {
  const who = await core.person('owner');
  const [worker, helper] = [await hire(core.copy.url, who), await hire(core.copy.url, who)];
  await subscribe(who, helper, 'clancy.run_failed', { employee: worker });
  await end(who, await startRun(who, worker), 'failed');
  const broken: FactTriggersDeps = {
    ...deps(),
    logger: { warn: () => undefined, error: () => undefined },
    capabilityFacts: () => Promise.reject(new Error('broken')),
  };
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await triggerByFacts(broken);
    await asOwner(core.database.ownerUrl, 'update core.fact_cursors set retry_at = null where org_id = $1', [who.orgId]);
  }
  expect(await core.audit(who.orgId, 'fact.pass_over')).toMatchObject([{ allowed: false, details: { attempts: 5 } }]);
  await end(who, await startRun(who, worker), 'failed');
  await triggerByFacts(deps());
  expect(await triggersOf(who)).toHaveLength(1);
});

test('who is adopted as a subscriber gets facts from then on', async () => {
  const who = await core.person('owner');
  const [worker, watcher] = [await hire(core.copy.url, who), await hire(core.copy.url, who)];
  await end(who, await startRun(who, worker), 'failed');
  const sentence = 'When a run fails, post a note in #ops.';
  const events = [{ type: 'clancy.run_failed', filter: { employee: worker } }];
  const explanation: Explanation = {
    understood: [],
    triggers: [{ type: 'external_event', source: 'clancy', about: 'a run fails', sentence, events, duties: [] }],
    limits: [],
    not_understood: [],
    missing_connections: [],
  };
  const adoption = { employeeId: watcher, explanation, connectionOf: () => undefined, setting: 'on' } as const;
  await deps().db.withOrg(scopeOf(who), (tx) => adoptSubscriptions(tx, scopeOf(who), adoption));
  await end(who, await startRun(who, worker), 'failed');
  await triggerByFacts(deps());
  expect(await triggersOf(who)).toMatchObject([{ decision: 'started', runs: [{ employee_id: watcher }] }]);
});
