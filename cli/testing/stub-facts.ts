import { auditSealHash, NO_SEAL, type AuditEntry, type AuditSeal } from '../../contracts/audit.ts';
import * as fixtures from './fixtures.ts';
import { missing, ok, page, route, type Route } from './stub-route.ts';
import type { StubState } from './stub-state.ts';

export const SUGGESTION_ID = '4b8c2f6e-7a60-5f3e-8f0a-0c7cf2a3f5d4';

const fact = (seq: number) => ({
  seq,
  fact_id: `00000000-0000-4000-8000-00000000000${seq}`,
  kind: 'RunFailed',
  schema_version: 1,
  employee_id: fixtures.EMPLOYEE_ID,
  run_id: fixtures.RUN_ID,
  data: { status: 'failed', error_code: 'provider_refused\u001b[2J' },
  at: '2025-06-09T15:00:00.000Z',
});

const entry = (id: number): AuditEntry => ({
  audit_id: `00000000-0000-4000-8000-00000000000${id}`,
  at: `2025-06-09T15:00:00.00${id}Z`,
  actor_type: 'person',
  actor_id: 'user_ada',
  action: 'employee.activate',
  object_type: 'employee',
  object_id: fixtures.EMPLOYEE_ID,
  source: '192.0.2.1',
  allowed: id !== 3,
  details: { version: id },
});

/** Entries 1 to 4, the first three under two seals. */
function auditLog(): { entries: AuditEntry[]; seals: AuditSeal[] } {
  const entries = [1, 2, 3, 4].map(entry);
  const one = { block: 1, from_at: null, to_at: entries[1]!.at, rows: 2, previous: NO_SEAL };
  const first = { ...one, hash: auditSealHash(one, entries.slice(0, 2)) };
  const two = { block: 2, from_at: first.to_at, to_at: entries[2]!.at, rows: 1, previous: first.hash };
  return { entries, seals: [first, { ...two, hash: auditSealHash(two, entries.slice(2, 3)) }] };
}

const suggestion = {
  suggestion_id: SUGGESTION_ID,
  kind: 'always_approved',
  employee_id: fixtures.EMPLOYEE_ID,
  employee_name: 'Ada',
  skill: 'remind',
  capability: 'slack/slack.post',
  text: 'slack/slack.post of "Remind" was approved 30 of 30 times, as asked: allow it?',
  next: 'Put the rule before the one that asks.',
  rule: {
    capability: 'slack/slack.post',
    effect: 'allow',
    when: 'skill = "remind"',
    approvers: [],
    timeout_seconds: 60,
    on_timeout: 'reject',
    reason: 'Approved 30 of 30 times.',
  },
  evidence: { count: 30, of: 30, run_ids: [fixtures.RUN_ID], approval_ids: [] },
};
const figures = {
  runs: 10,
  completed: 6,
  failed: 4,
  interrupted: 0,
  success_rate: 0.6,
  approvals: { asked: 30, approved: 30, rejected: 0, unanswered: 0, approval_rate: 1, wait_seconds: 7_200 },
  calls: { calls: 40, succeeded: 36, refused: 4, unknown: 0, latency_ms: 90, cost_units: 40 },
};
const insights = {
  since: '2025-05-10T15:00:00.000Z',
  until: '2025-06-09T15:00:00.000Z',
  runs_considered: 10,
  calls_missing: null,
  employees: [{ employee_id: fixtures.EMPLOYEE_ID, name: 'Ada', ...figures, latency_ms: { p50: 1_000, p95: 2_000 } }],
  skills: [{ employee_id: fixtures.EMPLOYEE_ID, skill: 'remind', title: 'Remind', template: null, ...figures }],
  templates: [],
  suggestions: [suggestion],
  thresholds: {},
};

/** Facts 1 to 3, the last of which only the stream tells; the audit; one suggestion. */
export function factRoutes(state: StubState): Route[] {
  const auditRoutes = ['/v1/audit', '/audit'].flatMap((base) => [
    route(`GET ${base}`, ({ url }) => {
      const [since, until] = [url.searchParams.get('since') ?? '', url.searchParams.get('until') ?? '9'];
      return page(
        auditLog()
          .entries.filter(({ at }) => at >= since && at <= until)
          .map((one) => (state.tampered === one.audit_id ? { ...one, object_id: 'another' } : one)),
      );
    }),
    route(`GET ${base}/seals`, ({ url }) => ok({ items: auditLog().seals.slice(Number(url.searchParams.get('after'))) })),
  ]);
  return [
    route('GET /v1/facts', () => page([fact(1), fact(2)])),
    route('GET /v1/facts/events', ({ headers, response }) => {
      const last = Number(headers['last-event-id'] ?? 0);
      if (last === 3) return { status: 403, body: { type: 'about:blank', title: 'Gone', status: 403, code: 'forbidden' } };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const next = fact(last + 1);
      response.end(`retry: 1\n\n: still here\n\nid: ${next.seq}\nevent: fact\ndata: ${JSON.stringify(next)}\n\n`);
      return undefined;
    }),
    ...auditRoutes,
    route('GET /v1/insights', () => ok(insights)),
    route('POST /v1/insights/:/dismiss', ({ ids }) => (ids[0] === SUGGESTION_ID ? ok(suggestion) : missing())),
  ];
}
