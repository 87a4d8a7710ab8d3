import { randomUUID } from 'node:crypto';
import { planHash, resumeDigests } from '../../../contracts/digest.ts';
import { ClancyError } from '../../../contracts/errors.ts';
import type { RunResume } from '../../../contracts/resume.ts';
import { MAX_PAYLOAD_BYTES, type EmployeeRunInput } from '../../../contracts/run.ts';
import { isUniqueViolation, type CoreDatabase, type OrgScope, type OrgTx } from '../../../db/client.ts';
import { authzRuns } from '../../../db/schema/authz/runs.ts';
import { runs } from '../../../db/schema/core/runs.ts';
import type { PersonPrincipal } from '../../../platform/auth/principal.ts';
import { activeTraceparent, describeSpan } from '../../../platform/telemetry/spans.ts';
import { assertIntact } from '../../employees/content-hash.ts';
import { findEmployee, findVersion } from '../../employees/find.ts';
import type { CapabilityFactsReader } from '../../employees/capability-facts.ts';
import { recordFact } from '../../facts/record-fact.ts';
import { once, storedAnswer, type Answer } from '../../http/idempotency.ts';
import { appendToOutbox } from '../../outbox/append.ts';
import type { Recall, RunMemory } from '../../memory/memory.ts';
import type { RunEngine } from '../../temporal/run-engine.ts';
import { assertLive, findRun, isOpen, type RunRow } from '../find.ts';
import { contextOf, initiatorOf } from '../intent.ts';
import { heldGrants, resolvePlan, withoutMemory } from '../plan.ts';
import type { UiLinks } from '../../../platform/temporal/web-ui.ts';
import { runLinks } from '../views.ts';
import { nextRetryId, readChain, type AuthzRunRow } from './chain.ts';
import { readProgress } from './read-progress.ts';

export interface RetryRunDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>;
  engine: Pick<RunEngine, 'history'>;
  capabilityFacts: CapabilityFactsReader;
  memory: Pick<RunMemory, 'prepare' | 'recaller'>;
  ui: UiLinks;
  wakeRelay: () => void;
  now: () => Date;
}

export interface RetryRunRequest {
  runId: string;
  key: string;
  person: PersonPrincipal;
}

/**
 * Goes on with a run that failed or was interrupted, as a new run of the same chain (`~r{n}`): finished skills keep their
 * results, unfinished ones go on from their last recorded burst, and calls keep their ids, so that ConnectHub makes only
 * the effects that are missing.
 *
 * @throws ClancyError `not_found`, `conflict` (not the last of its chain, still open, or completed), `history_gone`,
 * `employee_not_active`, `content_mismatch`, `payload_too_large`, `dependency_unavailable` while Temporal is away.
 */
export async function retryRun(deps: RetryRunDeps, scope: OrgScope, request: RetryRunRequest): Promise<Answer> {
  const { runId, key } = request;
  const asked = { route: 'POST /v1/runs/{run_id}/retry', key, input: { runId } };
  const stored = await storedAnswer(deps.db, scope, asked);
  if (stored) return stored;
  const earlier = await deps.db.withOrgRead(scope, async (tx) => {
    const run = await findRun(tx, runId);
    assertLast(run, await readChain(tx, runId));
    return run;
  });
  // Outside of the transaction: Temporal may take its time, and nothing is added to the history of a run that has ended.
  const skills = await readProgress(deps.engine, {
    runId,
    temporalRunId: earlier.temporalRunId,
    graph: earlier.intent.intent.graph_spec,
    resume: earlier.intent.resume?.skills,
  });
  await deps.memory.prepare(scope.orgId);
  const answer = await once(deps.db, scope, asked, (tx) => acceptRetry(deps, tx, request, skills)).catch(unlessRetried);
  deps.wakeRelay();
  return answer;
}

async function acceptRetry(
  deps: RetryRunDeps,
  tx: OrgTx,
  { runId, person }: RetryRunRequest,
  skills: RunResume['skills'],
): Promise<Answer> {
  const earlier = await findRun(tx, runId, 'update');
  const chain = await readChain(tx, runId);
  const allowed = assertLast(earlier, chain);
  const { intent, recalled } = await retryInput(deps, tx, earlier, skills);
  const retry = { runId: intent.intent.run_id, executionId: intent.intent.execution_id };
  const { employeeId, version, trigger } = earlier;
  describeSpan({ 'clancy.run_id': retry.runId, 'clancy.employee_id': employeeId });
  const row = { orgId: tx.orgId, ...retry, employeeId, version, trigger, requestedAt: deps.now() };
  const kept = { intent: { ...intent, plan: withoutMemory(intent.plan) }, memory: recalled?.sealFor(retry.runId) ?? null };
  const used = { memoryUsed: recalled?.used ?? null };
  await tx.db
    .insert(runs)
    .values({ ...row, ...kept, ...used, initiator: initiatorOf(person), traceparent: activeTraceparent() ?? null });
  await tx.db.insert(authzRuns).values({
    orgId: tx.orgId,
    ...retry,
    employeeId,
    version,
    callScope: allowed.callScope,
    mode: allowed.mode,
    initiatorType: 'person',
    initiatorId: person.userId,
    planHash: planHash(intent.plan, intent.intent.graph_spec, intent.resume?.digests),
  });
  await recordFact(tx, {
    kind: 'RunRequested',
    employeeId,
    runId: retry.runId,
    data: { execution_id: retry.executionId, trigger: trigger.type, retry_of: runId },
  });
  await appendToOutbox(tx, { runId: retry.runId, seq: 1, kind: 'start_run', payload: {} });
  tx.audit({ action: 'run.retry', objectType: 'run', objectId: retry.runId, allowed: true, details: { retry_of: runId } });
  const body = { run_id: retry.runId, execution_id: retry.executionId, links: runLinks(retry.runId, deps.ui) };
  return { status: 202, body };
}

/** Only the end of a chain can be gone on from: what an earlier one had reached is older than what its retry did. */
function assertLast(run: RunRow, chain: AuthzRunRow[]): AuthzRunRow {
  const last = chain.at(-1);
  if (!last) throw new Error('a run without its row in authz');
  if (last.runId !== run.runId) {
    throw new ClancyError('conflict', 'This run was retried already.', {
      next: `Look at its last retry: GET /v1/runs/${encodeURIComponent(last.runId)}.`,
      extra: { last_run_id: last.runId },
    });
  }
  assertLive(run);
  if (isOpen(run)) {
    throw new ClancyError('conflict', 'This run has not ended.', { next: 'POST /v1/runs/{run_id}/cancel ends it.' });
  }
  if (run.status === 'completed') {
    throw new ClancyError('conflict', 'This run completed: there is nothing left to do.', {
      next: 'POST /v1/runs/{run_id}/run-again does it all once more.',
    });
  }
  return last;
}

/**
 * The earlier run's input under an id of its own. Connections are those of today's grants, since one may have been replaced, and
 * what is remembered is recalled anew: the earlier run may have taught it.
 */
async function retryInput(
  deps: RetryRunDeps,
  tx: OrgTx,
  { employeeId, version, intent: before, runId }: RunRow,
  skills: RunResume['skills'],
): Promise<{ intent: Omit<EmployeeRunInput, 'ticket'>; recalled: Awaited<ReturnType<Recall>> }> {
  // Sent in one go.
  const [employee, row, held, recall] = await Promise.all([
    findEmployee(tx, employeeId),
    findVersion(tx, employeeId, version),
    heldGrants(tx, employeeId),
    deps.memory.recaller(tx),
  ]);
  if (employee.status !== 'active') throw new ClancyError('employee_not_active', `This employee is ${employee.status}.`);
  assertIntact(row);
  const { definition } = row;
  const facts = await deps.capabilityFacts(tx, employeeId, version);
  const today = resolvePlan(definition, held, facts);
  const again = { event_id: randomUUID(), execution_id: randomUUID(), run_id: nextRetryId(runId) };
  const { graph_spec: graph, trigger } = before.intent;
  const recalled = await recall({ employeeId, graph, skillGraphs: before.plan.skill_graphs, trigger });
  const connections = { ...before.plan.connections, ...today.connections };
  const context = contextOf(recalled?.window.entries ?? []);
  const input = {
    intent: { ...before.intent, ...again, context, timestamp: deps.now().toISOString() },
    plan: { ...withoutMemory(before.plan), connections, ...(recalled && { memory: recalled.window }) },
    resume: { skills, digests: resumeDigests(skills) },
  };
  if (Buffer.byteLength(JSON.stringify(input)) > MAX_PAYLOAD_BYTES) {
    throw new ClancyError('payload_too_large', `What this run had reached is larger than ${MAX_PAYLOAD_BYTES} bytes.`, {
      next: 'POST /v1/runs/{run_id}/run-again starts afresh: it makes all effects again.',
    });
  }
  return { intent: input, recalled };
}

/** Of two retries at once one is accepted. */
function unlessRetried(error: unknown): never {
  if (!isUniqueViolation(error)) throw error;
  throw new ClancyError('conflict', 'This run has just been retried.', { next: 'GET /v1/runs lists its retry.' });
}
