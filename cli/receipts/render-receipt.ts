import { parseCallId } from '../../contracts/ids.ts';
import type { ReceiptAnswer } from '../client/answers/connecthub.ts';
import { oneLine, plainText, safeJson } from '../output/plain-text.ts';
import { fields, page, section, table } from '../output/table.ts';
import { formatDuration, formatInstant } from '../output/time.ts';
import { outcomeInWords } from './outcome.ts';

/** A receipt as a person reads one: what, for whom, what was tried, what became of it, and what to do if nobody knows. */
export function renderReceipt(receipt: ReceiptAnswer): string {
  return page([
    `${oneLine(receipt.capability)}: ${oneLine(outcomeInWords(receipt))}\n${renderFacts(receipt)}`,
    ...section('Parameters (long texts are cut)', renderParameters(receipt.parameters_summary)),
    ...section('Attempts', renderAttempts(receipt)),
    receipt.outcome === 'unknown' ? howToResolve(receipt) : '',
  ]);
}

function renderFacts(receipt: ReceiptAnswer): string {
  const version = receipt.employee_version === undefined ? '' : ` (version ${receipt.employee_version})`;
  return fields([
    ['Call', receipt.call_id],
    ['Skill', parseCallId(receipt.call_id)?.skillRun.split(':skill:')[1]],
    ['Employee', `${receipt.employee_id}${version}`],
    ['Run', receipt.run_id],
    ['Started by', receipt.initiator?.id],
    ['Connection', receipt.connection_id],
    ['Approval', receipt.approval_id],
    ['Edited by', receipt.edited_by],
    ["Provider's id", receipt.provider_effect_id],
    ['Asked', formatInstant(receipt.created_at)],
    ['Took', receipt.latency_ms === null || receipt.latency_ms === undefined ? undefined : formatDuration(receipt.latency_ms)],
    ['Cost units', receipt.cost_units],
    ['Resolved', receipt.resolved_at ? `${formatInstant(receipt.resolved_at)} by ${receipt.resolved_by ?? '-'}` : undefined],
    ['Digest', receipt.digest],
    ['Web UI', receipt.links?.temporal_ui],
  ]);
}

/** JSON text as a rule; a summary of another kind is shown as it is. */
function renderParameters(summary: string): string {
  try {
    return safeJson(JSON.parse(summary), 2);
  } catch {
    return plainText(summary);
  }
}

function renderAttempts({ attempts }: ReceiptAnswer): string {
  if (attempts.length === 0) return '';
  return table(
    ['TIME', 'OUTCOME', 'TOOK', 'CODE'],
    attempts.map(({ at, outcome, latency_ms, code }) => [formatInstant(at), outcome, formatDuration(latency_ms), code ?? '-']),
  );
}

function howToResolve({ call_id }: ReceiptAnswer): string {
  return `Look at the provider, then say what you found:
  clancy receipts resolve ${oneLine(call_id)} happened
  clancy receipts resolve ${oneLine(call_id)} did_not_happen`;
}
