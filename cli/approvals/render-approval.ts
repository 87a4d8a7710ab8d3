import type { ApprovalAnswer } from '../client/answers/approvals.ts';
import { oneLine, safeJson } from '../output/plain-text.ts';
import { fields, page, section } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';

/**
 * An approval with exactly what will run. Parameters are JSON in which characters that a terminal would hide are
 * escaped, never removed: the approver must see each of them.
 */
export function renderApproval(approval: ApprovalAnswer): string {
  return page([
    `${oneLine(approval.question)}\n${renderState(approval)}`,
    ...(approval.stands ? section('Has been done already: yes takes it as the result', safeJson(approval.stands, 2)) : []),
    ...(approval.call ? section(headingOf(approval), renderCall(approval.call)) : []),
    ...(approval.proposed ? section('Was asked for, before it was edited', safeJson(approval.proposed.parameters, 2)) : []),
    ...section('Shown with the question', approval.call || isEmpty(approval.details) ? '' : safeJson(approval.details, 2)),
    approval.status === 'pending'
      ? `Answer: clancy approvals approve ${oneLine(approval.approval_id)}\n     or clancy approvals reject ${oneLine(approval.approval_id)} --reason <text>`
      : '',
  ]);
}

const HEADINGS: { readonly [status: string]: string } = {
  pending: 'Will run, exactly so',
  approved: 'Was allowed, exactly so',
};

function headingOf({ stands, status }: ApprovalAnswer): string {
  if (stands) return 'Is asked for now, and does not run';
  return HEADINGS[status] ?? 'Was asked for, and does not run';
}

function renderState(approval: ApprovalAnswer): string {
  return fields([
    ['Approval', approval.approval_id],
    ['Status', approval.status],
    ['Run', approval.run_id],
    ['Started by', approval.initiator_id],
    ['Why asked', whyAsked(approval)],
    ['Approvers', approval.approvers.join(', ') || 'whoever may decide approvals'],
    ['Asked', formatInstant(approval.requested_at)],
    ['Expires', formatInstant(approval.expires_at)],
    [
      'Reminded',
      approval.reminded_at ? `${approval.reminders ?? 1} times, last ${formatInstant(approval.reminded_at)}` : undefined,
    ],
    ['Decided', approval.decided_at ? `${formatInstant(approval.decided_at)} by ${approval.decided_by ?? '-'}` : undefined],
    ['Reason', approval.reason],
    ['Web UI', approval.links?.temporal_ui],
  ]);
}

/** Of a call, the question's details are the rule's reason and the parameters, which are shown below. */
function whyAsked({ call, details }: ApprovalAnswer): string | undefined {
  const isObject = typeof details === 'object' && details !== null && !Array.isArray(details);
  return call && isObject && typeof details['reason'] === 'string' ? details['reason'] : undefined;
}

function renderCall(call: NonNullable<ApprovalAnswer['call']>): string {
  return `${fields([
    ['Capability', `${call.capability} (version ${call.capability_version})`],
    ['Connection', call.connection_id],
    ['Call', call.call_id],
    ['Digest', call.digest],
  ])}\nParameters\n${safeJson(call.parameters, 2)}`;
}

function isEmpty(details: ApprovalAnswer['details']): boolean {
  return details === undefined || details === null || (typeof details === 'object' && Object.keys(details).length === 0);
}
