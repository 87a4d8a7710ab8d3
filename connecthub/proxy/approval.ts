import { and, desc, eq, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { ApprovalAsk } from '../../contracts/call.ts';
import type { OrgReadTx, OrgTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { approvalUses } from '../../db/schema/hub/approval-uses.ts';

/** An approval that names the call, under this or another digest. */
export interface ApprovalRow {
  approvalId: string;
  runId: string;
  digest: string | null;
  /** Digest of what was asked for, where the approver changed it. */
  proposedDigest: string | null;
  /** Who was asked; empty = whoever may decide approvals. */
  approvers: string[];
  status: 'pending' | 'approved' | 'rejected' | 'expired' | 'cancelled';
  isExpired: boolean;
  /** Digest of the call that consumed it; null = not consumed. */
  usedDigest: string | null;
}

export interface Needed {
  callId: string;
  digest: string;
  runId: string;
}

export async function loadApprovals(tx: OrgReadTx, callId: string): Promise<ApprovalRow[]> {
  return tx.db
    .select({
      approvalId: approvals.approvalId,
      runId: approvals.runId,
      digest: approvals.digest,
      proposedDigest: approvals.proposedDigest,
      approvers: approvals.approvers,
      status: approvals.status,
      isExpired: sql<boolean>`(${approvals.expiresAt} <= now())`,
      usedDigest: approvalUses.digest,
    })
    .from(approvals)
    .leftJoin(approvalUses, and(eq(approvalUses.orgId, approvals.orgId), eq(approvalUses.approvalId, approvals.approvalId)))
    .where(and(eq(approvals.orgId, tx.orgId), eq(approvals.callId, callId)))
    .orderBy(desc(approvals.requestedAt));
}

/**
 * The approval under which the call may go out: of exactly this call and digest, put to the people whom the policy names,
 * decided in favour, and either unused and in time or used by this same call and digest before (a repeat after a refusal
 * goes out under it again).
 *
 * @throws ClancyError `approval_required` with the question, `approval_mismatch`, `approval_expired` or `policy_denied`
 */
export function findApproval(rows: ApprovalRow[], needed: Needed, ask: ApprovalAsk): string {
  const same = rows.filter((row) => row.digest === needed.digest);
  const approved = same.find((row) => row.status === 'approved');
  if (approved && !isPutTo(ask.approvers, approved)) {
    throw new ClancyError('approval_mismatch', 'The approval was asked of other people than the policy names.');
  }
  if (approved && (approved.usedDigest === needed.digest || !approved.isExpired)) return approved.approvalId;
  // Another run of the same chain of retries may ask anew.
  const ofThisRun = rows.filter((row) => row.runId === needed.runId);
  if (!same.some((row) => row.status === 'pending')) refuseAnswered(ofThisRun, needed.digest);
  throw new ClancyError('approval_required', `A person must approve ${ask.capability}. ${ask.reason}`, {
    next: 'Ask for the approval, then repeat the same call.',
    extra: { approval: ask },
  });
}

/** The question is written by the run itself: whom it asked is compared, not believed. */
export function isPutTo(wanted: readonly string[], { approvers }: Pick<ApprovalRow, 'approvers'>): boolean {
  return JSON.stringify([...new Set(approvers)].sort()) === JSON.stringify([...new Set(wanted)].sort());
}

function refuseAnswered(rows: ApprovalRow[], digest: string): void {
  const same = rows.filter((row) => row.digest === digest);
  if (same.some((row) => row.status === 'rejected' || row.status === 'cancelled')) {
    throw new ClancyError('policy_denied', 'A person was asked and did not approve the call.');
  }
  if (same.some((row) => row.status === 'expired' || row.status === 'approved')) {
    throw new ClancyError('approval_expired', 'The approval of this call has expired.');
  }
  if (rows.some(isOpenForAnother)) {
    throw new ClancyError('approval_mismatch', 'What was approved under this call id is not what is asked for now.');
  }
}

function isOpenForAnother(row: ApprovalRow): boolean {
  return row.status === 'approved' && !row.isExpired && row.usedDigest === null;
}

/**
 * Consumes an approval that was found in the same transaction, which lets the call go.
 *
 * @throws ClancyError `approval_used` when another call has it
 */
export async function useApproval(tx: OrgTx, approvalId: string, needed: Needed): Promise<void> {
  const use = { orgId: tx.orgId, approvalId, callId: needed.callId, digest: needed.digest };
  const inserted = await tx.db.insert(approvalUses).values(use).onConflictDoNothing().returning({ id: approvalUses.approvalId });
  if (inserted.length > 0) return;
  const uses = await tx.db
    .select({ callId: approvalUses.callId, digest: approvalUses.digest })
    .from(approvalUses)
    .where(and(eq(approvalUses.orgId, tx.orgId), eq(approvalUses.approvalId, approvalId)));
  if (!uses.some((one) => one.callId === needed.callId && one.digest === needed.digest)) {
    throw new ClancyError('approval_used', 'The approval has served another call.');
  }
}
