/**
 * The error words of Clancy. A code is stable: people script against it. Domain code throws a `ClancyError`
 * and knows no HTTP; `platform/http/problems.ts` alone turns it into a status and an RFC 9457 body.
 */
export const ERROR_CODES = [
  // the request
  'invalid_request',
  'payload_too_large',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'idempotency_key_reused',
  'idempotency_key_required',
  'method_not_allowed',
  'blob_mismatch',
  // employees
  'employee_not_active',
  'graph_invalid',
  'nothing_understood',
  'version_conflict',
  'content_mismatch',
  'connection_required',
  // runs and approvals
  'run_closed',
  'run_paused',
  'run_not_open',
  'history_gone',
  'approval_not_open',
  'approval_expired',
  'not_an_approver',
  'self_approval',
  'four_eyes',
  'receipt_not_unknown',
  // calls
  'capability_unknown',
  'capability_suspended',
  'capability_scope_missing',
  'parameters_invalid',
  'grant_missing',
  'membership_missing',
  'permission_missing',
  'ticket_invalid',
  'ids_disagree',
  'policy_denied',
  'approval_required',
  'approval_mismatch',
  'approval_used',
  'connection_missing',
  'connection_needs_reauth',
  'scope_missing',
  'quota_exceeded',
  'calls_limited',
  'call_id_expired',
  'call_in_flight',
  'call_settling',
  'call_digest_conflict',
  'outcome_unknown',
  'provider_refused',
  'provider_rate_limited',
  'provider_unavailable',
  'oauth_failed',
  'oauth_state_invalid',
  // the engine
  'expression_failed',
  'expression_limit',
  'model_failed',
  'checkpoint_mismatch',
  'budget_exceeded',
  'timed_out',
  // the house
  'dependency_unavailable',
  'key_service_unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** One failing field: a JSON pointer into what was sent, and what is wrong with it. */
export interface FieldError {
  field: string;
  message: string;
}

export interface ErrorDetails {
  fields?: FieldError[];
  /** What the reader can do next, as a sentence. */
  next?: string;
  retryAfterMs?: number;
  /** Further members of the problem body (snake_case). Never a secret. */
  extra?: { [member: string]: unknown };
  cause?: unknown;
}

/** An expected failure with a stable code. Its message is shown to people: no secret, no internals. */
export class ClancyError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ClancyError';
    this.code = code;
    this.details = details;
  }
}
