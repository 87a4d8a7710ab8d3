import { and, eq } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import { jsonObjectSchema, type JsonObject } from '../../contracts/json.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { decisions } from '../../db/schema/core/decisions.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import { assertNotImpersonated } from '../http/scope.ts';
import { aboutRun, recordFact } from '../facts/record-fact.ts';
import { appendToOutbox, nextSeq } from '../outbox/append.ts';
import type { CheckParameters } from './check-parameters.ts';
import { assertMayBeEdited, editCall, editOf } from './edit.ts';
import { findApproval } from './find.ts';
import { assertMayDecide } from './may-decide.ts';
import type { ApprovalRow } from './views.ts';

export const rejectBody = z.strictObject({ reason: z.string().max(2_000).optional() });
export const approveBody = rejectBody.extend({
  parameters: jsonObjectSchema
    .optional()
    .describe('What shall run instead of what was asked for: all parameters, as they will be sent.'),
});

export interface DecideDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>;
  wakeRelay: () => void;
}

export interface DecideRequest {
  approvalId: string;
  person: PersonPrincipal;
  decision: 'approved' | 'rejected';
  reason: string | undefined;
  /** Approves the call with these instead. */
  edit?: { parameters: JsonObject; check: CheckParameters };
}

/**
 * Answers an approval, once: the decision, its fact and the message to the waiting workflow in one transaction. With an
 * edit, what is approved is the call with those parameters: ConnectHub decides anew about them.
 *
 * @throws ClancyError `forbidden`, `not_found`, `not_an_approver`, `self_approval`, `approval_not_open`, `approval_expired`;
 * for an edit also `invalid_request`, `payload_too_large`, `parameters_invalid`, `conflict`.
 */
export async function decideApproval(deps: DecideDeps, scope: OrgScope, request: DecideRequest): Promise<ApprovalRow> {
  assertNotImpersonated(scope);
  const asked = await deps.db.withOrgRead(scope, (tx) => findApproval(tx, request.approvalId));
  await checkEdit(asked, request);
  const decided = await deps.db.withOrg(scope, (tx) => decide(tx, asked.runId, request));
  deps.wakeRelay();
  return decided;
}

/** Before the transaction, since it asks ConnectHub. Whoever may not decide learns nothing by it. */
async function checkEdit(approval: ApprovalRow, { edit, person }: DecideRequest): Promise<void> {
  if (!edit) return;
  assertMayDecide(person, approval);
  assertMayBeEdited(approval, edit.parameters);
  await edit.check(approval.capability ?? '', edit.parameters);
}

async function decide(tx: OrgTx, runId: string, request: DecideRequest): Promise<ApprovalRow> {
  // The run first, as everybody who closes one does.
  const seq = await nextSeq(tx, runId);
  const approval = await findApproval(tx, request.approvalId, 'update');
  assertMayDecide(request.person, approval);
  const now = new Date();
  assertOpen(approval, now);
  const { decision: status, reason } = request;
  const edit = request.edit && (await editCall(tx, approval, request.edit.parameters));
  const decided = { status, decidedBy: request.person.userId, decidedAt: now, reason: reason ?? null, ...edit };
  await tx.db
    .update(approvals)
    .set(decided)
    .where(and(eq(approvals.orgId, tx.orgId), eq(approvals.approvalId, approval.approvalId)));
  await announce(tx, { ...approval, ...decided }, seq);
  tx.audit({
    action: status === 'approved' ? 'approval.approve' : 'approval.reject',
    objectType: 'approval',
    objectId: approval.approvalId,
    allowed: true,
    details: { run_id: runId, digest: decided.digest ?? approval.digest, ...(edit && { proposed_digest: edit.proposedDigest }) },
  });
  return { ...approval, ...decided };
}

function assertOpen(approval: ApprovalRow, now: Date): void {
  if (approval.status === 'expired' || (approval.status === 'pending' && approval.expiresAt <= now)) {
    throw new ClancyError('approval_expired', 'Nobody answered in time; this approval can no longer be given.');
  }
  if (approval.status !== 'pending') {
    throw new ClancyError('approval_not_open', `This approval is ${approval.status}.`, {
      extra: { status_now: approval.status, decided_by: approval.decidedBy },
    });
  }
}

type Decided = ApprovalRow & { status: DecideRequest['decision'] };

async function announce(tx: OrgTx, approval: Decided, seq: number): Promise<void> {
  const decisionId = randomUUID();
  const { approvalId, runId, workflowId, status, decidedBy, reason } = approval;
  const edit = editOf(approval);
  await tx.db.insert(decisions).values({
    orgId: tx.orgId,
    decisionId,
    runId,
    workflowId,
    kind: 'approval',
    data: { approval_id: approvalId, status, ...(reason !== null && { reason }), ...edit },
    decidedBy: decidedBy ?? '',
    seq,
  });
  await appendToOutbox(tx, { runId, seq, kind: 'signal', payload: { workflow_id: workflowId, decision_id: decisionId } });
  const isEdited = edit.parameters !== undefined;
  await recordFact(tx, {
    kind: 'ApprovalDecided',
    ...aboutRun(runId),
    data: { approval_id: approvalId, status, decided_by: decidedBy, ...(isEdited && { edited: true }) },
  });
}
