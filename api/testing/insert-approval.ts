import { randomUUID } from 'node:crypto';
import { asOwner } from './as-owner.ts';

export interface ApprovalRowOptions {
  orgId: string;
  runId: string;
  question?: string;
  approvers?: string[];
  initiatorId?: string;
  expiresInMs?: number;
}

/** A pending question of a run, written as the owner of the tables: for tests without a worker that asks. */
export async function insertApproval(ownerUrl: string, options: ApprovalRowOptions): Promise<string> {
  const { orgId, runId, question = 'May I?', approvers = [], initiatorId = 'user_x', expiresInMs = 3_600_000 } = options;
  const approvalId = randomUUID();
  await asOwner(
    ownerUrl,
    `insert into authz.approvals (org_id, approval_id, run_id, workflow_id, request_key, question, details, approvers,
       initiator_id, on_timeout, expires_at) values ($1, $2, $3, $3, $4, $5, 'null', $6, $7, 'reject', $8)`,
    [orgId, approvalId, runId, approvalId, question, approvers, initiatorId, new Date(Date.now() + expiresInMs)],
  );
  return approvalId;
}
