import { jsonAnswer } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';

/** A failure as Google tells it: an HTTP status and a reason. */
export class GoogleError extends Error {
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/**
 * https://developers.google.com/workspace/gmail/api/guides/handle-errors and
 * https://developers.google.com/workspace/calendar/api/guides/errors; an injected fault names the reason alone.
 */
const STATUS_OF: { readonly [reason: string]: number } = {
  invalidArgument: 400,
  failedPrecondition: 400,
  authError: 401,
  rateLimitExceeded: 403,
  userRateLimitExceeded: 403,
  dailyLimitExceeded: 403,
  insufficientPermissions: 403,
  domainPolicy: 403,
  notFound: 404,
  duplicate: 409,
  deleted: 410,
  conditionNotMet: 412,
  backendError: 503,
};
const REASON_OF: { readonly [status: number]: string } = {
  400: 'invalidArgument',
  401: 'authError',
  403: 'domainPolicy',
  404: 'notFound',
  429: 'rateLimitExceeded',
};

export function toAnswer({ status, reason, message }: GoogleError): Answer {
  const errors = [{ domain: status === 403 || status === 429 ? 'usageLimits' : 'global', reason, message }];
  return jsonAnswer(status, { error: { code: status, message, errors } });
}

/** Runs what may throw a `GoogleError` and answers as Google would. */
export function answering(run: () => unknown): Answer {
  try {
    return jsonAnswer(200, run());
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    return toAnswer(error);
  }
}

/** Failures that are injected by their HTTP status. */
export function renderStatus(status: number, retryAfterS: number | undefined): Answer {
  const answer = toAnswer(new GoogleError(status, REASON_OF[status] ?? 'backendError', 'Injected.'));
  return retryAfterS === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfterS) } };
}

export function renderError(reason: string): Answer {
  return toAnswer(new GoogleError(STATUS_OF[reason] ?? 400, reason, 'Injected.'));
}

export function notFound(what: string): GoogleError {
  return new GoogleError(404, 'notFound', `Requested entity was not found: ${what}.`);
}

export function invalid(message: string): GoogleError {
  return new GoogleError(400, 'invalidArgument', message);
}
