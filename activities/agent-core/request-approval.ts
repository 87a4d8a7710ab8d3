import { and, eq, inArray, lte, ne, or, sql } from 'drizzle-orm';
import { v5 as uuidV5 } from 'uuid';
import { callDigest, standingDigest } from '../../contracts/digest.ts';
import { blobHashesIn } from '../../contracts/files.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { parseCallId, parseSkillRunId } from '../../contracts/ids.ts';
import type { RequestApprovalInput, RequestApprovalResult } from '../../contracts/agent-core-activities.ts';
import type { OrgTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import type { RunTicket } from '../../platform/auth/run-ticket.ts';
import { editOf } from '../../api/approvals/edit.ts';
import { recordFact } from '../../api/facts/record-fact.ts';
import { answerQuestion } from '../../api/rehearsal/questions.ts';
import { findRun, isOpen } from '../../api/runs/find.ts';
import type { AgentCoreActivity } from './as-activity.ts';
import { checkTicket, scopeOf } from './check-ticket.ts';
import type { AgentCoreActivityDeps } from './deps.ts';

/** Namespace of approval ids: a repetition of the same question finds the same row. */
const APPROVALS = '6f0c2c0e-3f55-4b0f-9d0f-0d0a4c9a8f11';
const MAX_TIMEOUT_SECONDS = 90 * 86_400;

/**
 * Puts a question to the organisation's people, once. A repetition, or the same call asked again, finds the question
 * and what became of it.
 *
 * @throws ClancyError `ids_disagree`, `approval_mismatch` when the digest is not that of what the approver would see,
 * `run_not_open`.
 */
export function createRequestApproval(
  deps: AgentCoreActivityDeps,
): AgentCoreActivity<RequestApprovalInput, RequestApprovalResult> {
  return async (input, place) => {
    const ticket = await checkTicket(deps, place, input);
    if (input.workflow_id !== place.workflowId) throw new ClancyError('ids_disagree', 'Another workflow would be signalled.');
    if (input.call) checkCall(ticket, input.call);
    return deps.db.withOrg(scopeOf(ticket), (tx) => ask(tx, ticket, input));
  };
}

/** The approver must see exactly what will run, or what stands: the digest is computed again from what is shown. */
function checkCall(ticket: RunTicket, { call_id, ask, stands }: NonNullable<RequestApprovalInput['call']>): void {
  const skillRun = parseCallId(call_id)?.skillRun;
  if (skillRun === undefined || parseSkillRunId(skillRun)?.run !== ticket.callScope) {
    throw new ClancyError('ids_disagree', 'The call belongs to another run.');
  }
  const askedDigest = callDigest({
    orgId: ticket.orgId,
    callId: call_id,
    employeeVersion: ticket.employeeVersion,
    capability: ask.capability,
    capabilityVersion: ask.capability_version,
    connectionId: ask.connection_id,
    parameters: ask.parameters,
    blobHashes: blobHashesIn(ask.parameters),
  });
  const digest = stands ? standingDigest({ orgId: ticket.orgId, callId: call_id, askedDigest, stands }) : askedDigest;
  if (digest !== ask.digest) throw new ClancyError('approval_mismatch', 'The digest is not that of the parameters shown.');
}

async function ask(tx: OrgTx, ticket: RunTicket, input: RequestApprovalInput): Promise<RequestApprovalResult> {
  const approvalId = uuidV5(JSON.stringify([tx.orgId, input.workflow_id, input.request_key, input.call?.ask.digest]), APPROVALS);
  const run = await findRun(tx, ticket.runId, 'update');
  if (ticket.mode === 'rehearsal') return { approval_id: approvalId, ...(await answerQuestion(tx, ticket.runId, input)) };
  if (input.call) await retireStale(tx, ticket.runId, input.call);
  const known = await findAsked(tx, approvalId, input);
  if (known) return known;
  if (!isOpen(run)) throw new ClancyError('run_not_open', `This run has ended: ${run.status}.`);
  await insert(tx, approvalId, ticket, input);
  await recordFact(tx, {
    kind: 'ApprovalRequested',
    employeeId: ticket.employeeId,
    runId: ticket.runId,
    data: { approval_id: approvalId, call_id: input.call?.call_id ?? null },
  });
  tx.audit({ action: 'approval.request', objectType: 'approval', objectId: approvalId, allowed: true });
  const asked = await findAsked(tx, approvalId, input);
  if (!asked) throw new Error('the approval that was just written is not there');
  return asked;
}

/**
 * A yes that an earlier run of the chain got and did not use in time: ConnectHub would not have asked if it still held, and
 * this run must not take it for its own answer.
 */
async function retireStale(tx: OrgTx, runId: string, { call_id, ask }: NonNullable<RequestApprovalInput['call']>): Promise<void> {
  const stale = await tx.db
    .update(approvals)
    .set({ status: 'expired' })
    .where(
      and(
        eq(approvals.orgId, tx.orgId),
        eq(approvals.callId, call_id),
        eq(approvals.digest, ask.digest),
        eq(approvals.status, 'approved'),
        ne(approvals.runId, runId),
        lte(approvals.expiresAt, sql`now()`),
      ),
    )
    .returning({ id: approvals.approvalId });
  for (const { id } of stale) {
    tx.audit({ action: 'approval.expire', objectType: 'approval', objectId: id, allowed: true, details: { run_id: runId } });
  }
}

/**
 * By its own id, or the open question about the same call that an earlier run of the chain has put; there also by what was
 * asked for before the approver changed it.
 */
async function findAsked(tx: OrgTx, approvalId: string, input: RequestApprovalInput): Promise<RequestApprovalResult | undefined> {
  const sameCall = input.call && [
    eq(approvals.callId, input.call.call_id),
    or(eq(approvals.digest, input.call.ask.digest), eq(approvals.proposedDigest, input.call.ask.digest)),
    inArray(approvals.status, ['pending', 'approved']),
  ];
  const rows = await tx.db
    .select()
    .from(approvals)
    .where(
      and(
        eq(approvals.orgId, tx.orgId),
        or(eq(approvals.approvalId, approvalId), sameCall && and(eq(approvals.orgId, tx.orgId), ...sameCall)),
      ),
    );
  const row = rows.find((found) => found.approvalId === approvalId) ?? rows[0];
  return row && { approval_id: row.approvalId, expires_at: row.expiresAt.toISOString(), status: row.status, ...editOf(row) };
}

async function insert(tx: OrgTx, approvalId: string, ticket: RunTicket, input: RequestApprovalInput): Promise<void> {
  const timeoutSeconds = Math.min(Math.max(1, input.timeout_seconds), MAX_TIMEOUT_SECONDS);
  const call = input.call && {
    callId: input.call.call_id,
    digest: input.call.ask.digest,
    capability: input.call.ask.capability,
    capabilityVersion: input.call.ask.capability_version,
    connectionId: input.call.ask.connection_id,
    parameters: input.call.ask.parameters,
    stands: input.call.stands ?? null,
  };
  await tx.db.insert(approvals).values({
    orgId: tx.orgId,
    approvalId,
    runId: ticket.runId,
    workflowId: input.workflow_id,
    requestKey: input.request_key,
    ...call,
    question: input.question,
    // JSON's null, which is a value; the driver would write SQL's.
    details: input.details ?? sql`'null'::jsonb`,
    approvers: input.approvers,
    initiatorId: ticket.initiator.id,
    onTimeout: input.on_timeout,
    // By the clock that also ends it.
    requestedAt: sql`now()`,
    expiresAt: sql`now() + make_interval(secs => ${timeoutSeconds})`,
  });
}
