import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSkillRunId, makeRunId } from '../../contracts/ids.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import type { TestPerson } from '../testing/people.ts';

let core: TestCore;
let owner: TestPerson;
let employee: string;
let node: string;

const ask = async (query = '', who = owner) => (await call(core.copy.url, who, `/v1/insights${query}`)).json;
const owned = (text: string, values: unknown[]) => asOwner(core.database.ownerUrl, text, values);

/** A run that ended so many minutes ago, as its workflow would have left it. */
async function endedRun(index: number, status: 'completed' | 'failed', mode = 'live'): Promise<string> {
  const runId = makeRunId({ employee, version: 1, at: `2026-01-01T00:00:00.${String(index).padStart(3, '0')}Z` });
  const visit = { run_id: makeSkillRunId({ run: runId, node, visit: 1 }), status, micro_agents: [] };
  const result = { hierarchical_events: [visit], ...(status === 'failed' && { error: 'The customer has no email.' }) };
  await owned(
    `insert into core.runs (org_id, run_id, employee_id, version, execution_id, status, mode, trigger, initiator, intent, result, error_code,
       requested_at, started_at, finished_at)
     values ($1, $2, $3, 1, $4, $5, $6, '{}', '{}', '{}', $7, $8, now() - interval '3 minutes', now() - interval '2 minutes', now() - interval '1 minute')`,
    [owner.orgId, runId, employee, randomUUID(), status, mode, result, status === 'failed' ? 'provider_refused' : null],
  );
  await owned(
    `insert into authz.runs (org_id, run_id, employee_id, version, execution_id, call_scope, initiator_type, initiator_id, mode, plan_hash)
     values ($1, $2, $3, 1, $4, $2, 'person', 'u', 'live', 'h')`,
    [owner.orgId, runId, employee, randomUUID()],
  );
  return runId;
}

async function approved(runId: string): Promise<void> {
  const callId = `${makeSkillRunId({ run: runId, node, visit: 1 })}:call:1`;
  await owned(
    `insert into authz.approvals (org_id, run_id, workflow_id, request_key, call_id, digest, capability, capability_version, connection_id,
       parameters, question, details, initiator_id, status, on_timeout, requested_at, expires_at, decided_by, decided_at)
     values ($1, $2, $2, $3, $3, 'd', 'slack/slack.post', 1, 'conn_1', '{"channel": "#team"}', 'May I?', 'null', 'u', 'approved', 'reject',
       now() - interval '2 minutes', now() + interval '1 day', 'boss', now() - interval '1 minute')`,
    [owner.orgId, runId, callId],
  );
}

beforeAll(async () => {
  core = await startTestCore();
  owner = await core.person('owner');
  employee = await hire(core.copy.url, owner);
  const version = (await call(core.copy.url, owner, `/v1/employees/${employee}/versions/1`)).json;
  node = version.definition.graph.nodes[0].id;
  for (let index = 0; index < 20; index += 1) {
    await approved(await endedRun(index, index % 2 === 0 ? 'failed' : 'completed'));
  }
  await endedRun(50, 'failed', 'rehearsal');
  const about = { employee_id: employee, skill: node, capability: 'slack/slack.post' };
  core.hub.calls = [
    { ...about, outcome: 'succeeded', error_code: null, calls: 8, latency_ms: 800, cost_units: 8, run_ids: [] },
    { ...about, outcome: 'refused', error_code: 'not_in_channel', calls: 2, latency_ms: 100, cost_units: 2, run_ids: [] },
  ];
});
afterAll(() => core.stop());

test('figures of employees, skills and templates are those of runs, approvals and receipts', async () => {
  const insights = await ask();
  const figures = { runs: 20, completed: 10, failed: 10, success_rate: 0.5 };
  const approvals = { asked: 20, approved: 20, approval_rate: 1, wait_seconds: 60 };
  const calls = { calls: 10, succeeded: 8, refused: 2, latency_ms: 90, cost_units: 10 };
  expect(insights).toMatchObject({ runs_considered: 20, calls_missing: null });
  expect(insights.employees).toMatchObject([
    { employee_id: employee, ...figures, latency_ms: { p50: 60_000 }, approvals, calls },
  ]);
  const skill = insights.skills.find((one: { skill: string }) => one.skill === node);
  expect(skill).toMatchObject({ ...figures, approvals, calls });
  expect(insights.templates).toContainEqual(expect.objectContaining({ template: skill.template, employees: 1, ...figures }));
  expect(insights.thresholds.always_approved).toEqual({ decided: 20 });
  expect(await ask('', await core.person('owner'))).toMatchObject({ employees: [], skills: [], suggestions: [] });
});

test('suggestions show their evidence, and change nothing', async () => {
  const before = (await call(core.copy.url, owner, `/v1/employees/${employee}/versions`)).json.items;
  const { suggestions } = await ask();
  expect(suggestions).toMatchObject([
    {
      kind: 'always_approved',
      rule: { effect: 'allow', when: `skill = "${node}" and parameters.channel = "#team"` },
      evidence: { count: 20, of: 20 },
    },
    {
      kind: 'failing_skill',
      text: expect.stringMatching(/failed 10 of 20 times, because: The customer has no email\.$/),
      evidence: { count: 10, of: 20 },
    },
  ]);
  const shown = await owned('select distinct status, mode from core.runs where run_id = any($1)', [
    suggestions[1].evidence.run_ids,
  ]);
  expect(shown).toEqual([{ status: 'failed', mode: 'live' }]);
  expect((await call(core.copy.url, owner, `/v1/employees/${employee}/versions`)).json.items).toEqual(before);
});

test('a suggested rule is one that a policy takes', async () => {
  const [{ rule }] = (await ask()).suggestions;
  const { definition } = (await call(core.copy.url, owner, `/v1/employees/${employee}/versions/1`)).json;
  const body = { policy: [rule, ...definition.policy], base_version: 1 };
  const revised = await call(core.copy.url, owner, `/v1/employees/${employee}/versions`, { body });
  expect([revised.status, revised.text]).toEqual([201, expect.any(String)]);
});

test('what is dismissed stays so, for everybody and with its evidence, by whoever may', async () => {
  const [first, second] = (await ask()).suggestions;
  const dismiss = (who: TestPerson, id: string) =>
    call(core.copy.url, who, `/v1/insights/${id}/dismiss`, { body: { reason: 'We want to see each.' } });
  expect((await dismiss(await core.person('viewer', owner.orgId), first.suggestion_id)).status).toBe(403);
  expect((await dismiss(owner, randomUUID())).json.code).toBe('not_found');
  const twice = [await dismiss(owner, first.suggestion_id), await dismiss(owner, first.suggestion_id)];
  expect(twice.map(({ status }) => status)).toEqual([200, 200]);
  const shown = (await ask('', await core.person('viewer', owner.orgId))).suggestions;
  expect(shown.map((one: { suggestion_id: string }) => one.suggestion_id)).toEqual([second.suggestion_id]);
  expect((await ask('?dismissed=true')).suggestions).toHaveLength(2);
  const rows = await owned('select suggestion, reason, dismissed_by from core.insight_dismissals where org_id = $1', [
    owner.orgId,
  ]);
  expect(rows).toMatchObject([
    { suggestion: { evidence: { count: 20 } }, reason: 'We want to see each.', dismissed_by: owner.userId },
  ]);
});

test('without ConnectHub the rest holds, and says so', async () => {
  await core.hub.close();
  const insights = await ask();
  expect(insights).toMatchObject({ runs_considered: 20, calls_missing: 'ConnectHub cannot be reached right now.' });
  expect(insights.employees[0].calls).toBeNull();
});
