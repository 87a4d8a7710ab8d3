import { and, eq } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { decisions } from '../../db/schema/core/decisions.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import { assertNotImpersonated } from '../http/scope.ts';
import { recordFact } from '../facts/record-fact.ts';
import { appendToOutbox, nextSeq } from '../outbox/append.ts';
import { findApproval } from './find.ts';
import { assertMayDecide } from './may-decide.ts';
import type { ApprovalRow } from './views.ts';

export const approveBody = z.strictObject({ reason: z.string().max(2_000).optional() });

export interface DecideDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>;
  wakeRelay: () => void;
}

export interface DecideRequest {
  approvalId: string;
  person: PersonPrincipal;
  decision: 'approved' | 'rejected';
  reason: string | undefined;
}

/**
 * Answers an approval, once: the decision, its fact and the message to the waiting workflow in one transaction.
 * @throws ClancyError `forbidden`, `not_found`, `not_an_approver`, `self_approval`, `approval_not_open`, `approval_expired`.
 */
export async function decideApproval(deps: DecideDeps, scope: OrgScope, request: DecideRequest): Promise<ApprovalRow> {
  assertNotImpersonated(scope);
  const { runId } = await deps.db.withOrgRead(scope, (tx) => findApproval(tx, request.approvalId));
  const decided = await deps.db.withOrg(scope, (tx) => decide(tx, runId, request));
  deps.wakeRelay();
  return decided;
}

async function decide(tx: OrgTx, runId: string, request: DecideRequest): Promise<ApprovalRow> {
  // The run first, as everybody who closes one does.
  const seq = await nextSeq(tx, runId);
  const approval = await findApproval(tx, request.approvalId, 'update');
  assertMayDecide(request.person, approval);
  const now = new Date();
  assertOpen(approval, now);
  const { decision: status, reason } = request;
  const decided = { status, decidedBy: request.person.userId, decidedAt: now, reason: reason ?? null };
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
    details: { run_id: runId, digest: approval.digest },
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

async function announce(tx: OrgTx, approval: ApprovalRow, seq: number): Promise<void> {
  const decisionId = randomUUID();
  const { approvalId, runId, workflowId, status, decidedBy, reason } = approval;
  await tx.db.insert(decisions).values({
    orgId: tx.orgId,
    decisionId,
    runId,
    workflowId,
    kind: 'approval',
    data: { approval_id: approvalId, status, ...(reason !== null && { reason }) },
    decidedBy: decidedBy ?? '',
    seq,
  });
  await appendToOutbox(tx, { runId, seq, kind: 'signal', payload: { workflow_id: workflowId, decision_id: decisionId } });
  await recordFact(tx, { kind: 'ApprovalDecided', runId, data: { approval_id: approvalId, status, decided_by: decidedBy } });
}
