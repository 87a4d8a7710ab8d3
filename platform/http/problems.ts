import type { ClancyError, ErrorCode, FieldError } from '../../contracts/errors.ts';

/** RFC 9457 body. `code` is stable; `next` says what the reader can do. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  instance?: string;
  fields?: FieldError[];
  next?: string;
  [extension: string]: unknown;
}

/** The one place where an error code becomes an HTTP status. A code that is not listed is a 500. */
const STATUS: { [code in ErrorCode]?: number } = {
  invalid_request: 400,
  parameters_invalid: 400,
  idempotency_key_required: 400,
  unauthenticated: 401,
  ticket_invalid: 401,
  forbidden: 403,
  not_an_approver: 403,
  self_approval: 403,
  four_eyes: 403,
  capability_scope_missing: 403,
  grant_missing: 403,
  membership_missing: 403,
  permission_missing: 403,
  ids_disagree: 403,
  policy_denied: 403,
  approval_required: 403,
  approval_mismatch: 403,
  approval_used: 403,
  scope_missing: 403,
  not_found: 404,
  capability_unknown: 404,
  method_not_allowed: 405,
  timed_out: 408,
  conflict: 409,
  version_conflict: 409,
  content_mismatch: 409,
  employee_not_active: 409,
  connection_required: 409,
  connection_missing: 409,
  connection_needs_reauth: 409,
  run_closed: 409,
  run_paused: 409,
  run_not_open: 409,
  history_gone: 409,
  approval_not_open: 409,
  approval_expired: 409,
  receipt_not_unknown: 409,
  capability_suspended: 409,
  call_in_flight: 409,
  call_settling: 409,
  call_digest_conflict: 409,
  outcome_unknown: 409,
  payload_too_large: 413,
  blob_mismatch: 422,
  idempotency_key_reused: 422,
  graph_invalid: 422,
  nothing_understood: 422,
  provider_refused: 422,
  oauth_failed: 400,
  oauth_state_invalid: 400,
  call_id_expired: 410,
  budget_exceeded: 403,
  quota_exceeded: 403,
  calls_limited: 429,
  provider_rate_limited: 429,
  provider_unavailable: 503,
  dependency_unavailable: 503,
  key_service_unavailable: 503,
};

export function statusOf(code: ErrorCode): number {
  return STATUS[code] ?? 500;
}

/** The problem of an expected error; a 5xx without a code of its own shows no detail. */
export function toProblem(error: ClancyError, instance: string): Problem {
  const status = statusOf(error.code);
  const { fields, next, extra } = error.details;
  return {
    ...extra,
    type: `https://clancy.dev/problems/${error.code}`,
    title: titleOf(error.code),
    status,
    detail: status === 500 ? 'Something went wrong on our side. The request id names it in our log.' : error.message,
    code: error.code,
    instance,
    ...(fields && { fields }),
    ...(next !== undefined && { next }),
  };
}

function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
