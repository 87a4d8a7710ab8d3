import { jsonAnswer } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';

interface ErrorFacts {
  status?: number;
  type?: string;
  code?: string;
  param?: string;
}

/** A failure as Stripe tells it. https://docs.stripe.com/api/errors */
export class StripeError extends Error {
  readonly facts: ErrorFacts;
  constructor(message: string, facts: ErrorFacts = {}) {
    super(message);
    this.facts = facts;
  }
}

/** Parameters that no endpoint was begun for: their answer is not kept under an idempotency key. */
export class InvalidParameters extends StripeError {}

export const missing = (what: string, param: string) =>
  new StripeError(`No such ${what}`, { status: param === 'id' ? 404 : 400, code: 'resource_missing', param });

export function renderFailure(error: StripeError, headers: Record<string, string> = {}): Answer {
  const { status = 400, type = 'invalid_request_error', code, param } = error.facts;
  const body = { type, message: error.message, ...(code !== undefined && { code }), ...(param !== undefined && { param }) };
  return jsonAnswer(status, { error: body }, headers);
}

/** What goes with a code, where that is not 400 and a bad request. https://docs.stripe.com/error-codes */
const KNOWN: { readonly [code: string]: ErrorFacts } = {
  rate_limit: { status: 429 },
  lock_timeout: { status: 429 },
  idempotency_key_in_use: { status: 409, type: 'idempotency_error' },
  idempotency_error: { type: 'idempotency_error' },
  resource_missing: { status: 404 },
  card_declined: { status: 402, type: 'card_error' },
  account_invalid: { status: 403 },
  api_key_expired: { status: 401 },
  more_permissions_required: { status: 403 },
};

/** Faults that are injected by a code. */
export function renderError(code: string): Answer {
  return renderFailure(new StripeError('injected', { code, ...KNOWN[code] }));
}

/** Failures that are injected by an HTTP status. */
export function renderStatus(status: number, retryAfterS: number | undefined): Answer {
  const headers: Record<string, string> = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
  if (status === 429) return renderFailure(new StripeError('Too many requests', { status, code: 'rate_limit' }), headers);
  return renderFailure(new StripeError('An unknown error occurred', { status, type: 'api_error' }), headers);
}
