import { and, eq, inArray, ne } from 'drizzle-orm';
import { callDigest } from '../../contracts/digest.ts';
import { blobHashesIn } from '../../contracts/files.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { parseRunId } from '../../contracts/ids.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { OrgTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import type { ApprovalRow } from './views.ts';

/** Parameters travel in the decision, in the call and in its question, each a value in the run's history. */
const MAX_EDIT_BYTES = 64 * 1024;

export type Edit = Pick<ApprovalRow, 'parameters' | 'digest' | 'proposedParameters' | 'proposedDigest'>;

/** What an approver approved instead of what was asked for; nothing where nothing was changed. */
export function editOf(row: Pick<ApprovalRow, 'parameters' | 'proposedDigest'>): { parameters?: JsonObject } {
  return row.proposedDigest === null || row.parameters === null ? {} : { parameters: row.parameters };
}

/**
 * @throws ClancyError `invalid_request` where no call would run, `payload_too_large`
 */
export function assertMayBeEdited(approval: Pick<ApprovalRow, 'callId' | 'stands'>, parameters: JsonObject): void {
  if (approval.callId === null || approval.stands !== null) {
    throw new ClancyError('invalid_request', 'Nothing runs upon this approval: there are no parameters to change.', {
      fields: [{ field: '/parameters', message: 'only for the approval of a call that will run' }],
    });
  }
  if (Buffer.byteLength(JSON.stringify(parameters)) > MAX_EDIT_BYTES) {
    throw new ClancyError('payload_too_large', `The parameters are more than ${MAX_EDIT_BYTES} bytes.`);
  }
}

/**
 * The same call with other parameters, bound to their digest: what ConnectHub will compare. Undefined where they are those
 * that were asked for. The approval is locked.
 *
 * @throws ClancyError `conflict` where the call has been approved with these parameters before
 */
export async function editCall(tx: OrgTx, approval: ApprovalRow, parameters: JsonObject): Promise<Edit | undefined> {
  const digest = digestWith(tx.orgId, approval, parameters);
  if (digest === approval.digest) return undefined;
  const isSameCall = and(
    eq(approvals.orgId, tx.orgId),
    eq(approvals.callId, approval.callId ?? ''),
    eq(approvals.digest, digest),
  );
  const [other] = await tx.db
    .select({ id: approvals.approvalId })
    .from(approvals)
    .where(and(isSameCall, ne(approvals.approvalId, approval.approvalId), inArray(approvals.status, ['pending', 'approved'])));
  if (other) {
    throw new ClancyError('conflict', 'There is an approval of this call with exactly these parameters already.', {
      next: `See GET /v1/approvals/${other.id}.`,
    });
  }
  return { parameters, digest, proposedParameters: approval.parameters, proposedDigest: approval.digest };
}

function digestWith(orgId: string, row: ApprovalRow, parameters: JsonObject): string {
  const employeeVersion = parseRunId(row.runId)?.version;
  if (row.callId === null || row.capability === null || row.connectionId === null || employeeVersion === undefined) {
    throw new Error('an approval of a call lacks a part of it');
  }
  return callDigest({
    orgId,
    callId: row.callId,
    employeeVersion,
    capability: row.capability,
    capabilityVersion: row.capabilityVersion ?? 1,
    connectionId: row.connectionId,
    parameters,
    blobHashes: blobHashesIn(parameters),
  });
}
