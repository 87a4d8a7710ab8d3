import { jsonAnswer } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';

/** A failure as the Accounting API tells it: a `Fault` with a code. */
export class QuickBooksFault extends Error {
  readonly code: string;
  readonly status: number;
  readonly type: string;
  constructor(code: string, message: string, { status = 400, type = 'ValidationFault' } = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.type = type;
  }
}

export const notFound = (what: string) => new QuickBooksFault('610', `Object Not Found: ${what}`);
export const unsupported = (what: string) => new QuickBooksFault('2010', `Request has invalid or unsupported property: ${what}`);
export const tokenFault = (why: string) => new QuickBooksFault('3200', why, { status: 401, type: 'AuthenticationFault' });
/** https://developer.intuit.com/app/developer/qbo/docs/learn/rest-api-features#limits-and-throttles */
export const throttled = () => new QuickBooksFault('003001', 'ThrottleExceeded', { status: 429, type: 'ThrottlingFault' });

export function renderFault({ code, message, status, type }: QuickBooksFault, time: string): Answer {
  return jsonAnswer(status, { Fault: { Error: [{ Message: message, Detail: message, code, element: '' }], type }, time });
}

/** Faults that are injected by a code. */
export function renderError(code: string): Answer {
  return renderFault(new QuickBooksFault(code, 'injected'), new Date(0).toISOString());
}

/** Failures that are injected by an HTTP status. */
export function renderStatus(status: number, retryAfterS: number | undefined): Answer {
  const headers: Record<string, string> = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
  if (status === 429) {
    const { body } = renderFault(throttled(), new Date(0).toISOString());
    return { status, headers: { 'content-type': 'application/json', ...headers }, body };
  }
  return { status, headers: { 'content-type': 'text/html', ...headers }, body: '<html><body>Server Error</body></html>' };
}
