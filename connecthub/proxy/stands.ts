import { ClancyError } from '../../contracts/errors.ts';
import { standingDigest } from '../../contracts/digest.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { ApprovalAsk, ProxySuccess } from '../../contracts/call.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { findReceipt } from '../receipts/find.ts';
import type { Receipt } from '../receipts/wire.ts';
import { conflict, storedSuccess } from './answers.ts';
import { isPutTo, loadApprovals, type ApprovalRow } from './approval.ts';
import type { Call } from './call.ts';
import { judge, toAsk, type ClearanceDeps, type Judged } from './clearance.ts';
import { approvalByDefault } from './decide.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import { readSummary } from './receipt-log.ts';

export type StandingDeps = ClearanceDeps & { secretBox: Pick<SecretBox, 'open'> };

const WHY = 'The same step has done this already, with other parameters; it is not done twice.';

/**
 * A write under an id whose effect stands, made with other parameters: it is never made a second time. People are shown
 * what stands beside what is asked for; where they take it as this call's result, its stored result is the answer. Whoever
 * could not make the call now hears nothing of what stands.
 *
 * @throws ClancyError `call_digest_conflict`, with the question while nobody has answered it; else what step 1 refuses
 */
export async function answerStanding(deps: StandingDeps, call: Call, entry: LedgerEntry): Promise<ProxySuccess> {
  const judged = await judge(deps, call);
  const { receipt, rows } = await deps.database.withOrgRead(call, async (tx) => ({
    receipt: await findReceipt(tx, entry.key),
    rows: await loadApprovals(tx, call.callId),
  }));
  // The result of another capability, or of a read, is no answer to this one.
  if (entry.capability !== call.qualified || entry.key !== call.callId) throw conflict(receipt);
  if (rows.some((row) => isEditOf(row, entry, judged.digest))) return storedSuccess(deps.secretBox, call, entry);
  const stands = toStands(receipt);
  const ask = toQuestion(call, judged, stands);
  const answers = rows.filter(({ digest }) => digest === ask.digest);
  const yes = answers.find(({ status }) => status === 'approved');
  // An effect that stands does not go stale: the yes was given in time, and nothing is sent under it.
  if (yes && isPutTo(ask.approvers, yes)) return storedSuccess(deps.secretBox, call, entry);
  if (yes) throw new ClancyError('approval_mismatch', 'The question was put to other people than the policy names.');
  throw isAnswered(answers, call) ? conflict(receipt) : conflict(receipt, { approval: ask, stands });
}

/** A person has said that this effect is made in place of what is asked for. */
function isEditOf(row: ApprovalRow, entry: LedgerEntry, asked: string): boolean {
  return row.status === 'approved' && row.digest === entry.digest && row.proposedDigest === asked;
}

function isAnswered(answers: ApprovalRow[], call: Call): boolean {
  const isOpen = answers.some(({ status }) => status === 'pending');
  return !isOpen && answers.some(({ runId }) => runId === call.ticket.runId);
}

function toQuestion(call: Call, judged: Judged, stands: JsonObject): ApprovalAsk {
  const { decision } = judged;
  const asking = decision.effect === 'allow' ? approvalByDefault(WHY) : { ...decision, reason: WHY };
  const digest = standingDigest({ orgId: call.orgId, callId: call.callId, askedDigest: judged.digest, stands });
  return toAsk(call, { ...judged, digest }, asking);
}

/** What was done, when, with which parameters (long texts cut): as people compare it. It does not change any more. */
function toStands(receipt: Receipt): JsonObject {
  return {
    capability: receipt.capability,
    connection_id: receipt.connection_id,
    parameters: readSummary(receipt.parameters_summary),
    digest: receipt.digest,
    run_id: receipt.run_id,
    approval_id: receipt.approval_id,
    provider_effect_id: receipt.provider_effect_id,
    resolution: receipt.resolution,
    asked_at: receipt.created_at,
    done_at: receipt.updated_at,
  };
}
