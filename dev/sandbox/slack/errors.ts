import { jsonAnswer } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';

/** A failure as Slack tells it: HTTP 200, `ok: false` and a word. */
export class SlackError extends Error {
  readonly code: string;
  readonly extra: Record<string, unknown>;
  constructor(code: string, extra: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

/** Failures of Slack that are injected by their HTTP status. */
export function renderStatus(status: number, retryAfterS: number | undefined): Answer {
  if (status === 429) {
    return jsonAnswer(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(retryAfterS ?? 1) });
  }
  const headers = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
  return { status, headers: { 'content-type': 'text/html', ...headers }, body: '<html><body>Server Error</body></html>' };
}

export function renderError(error: string): Answer {
  return jsonAnswer(200, { ok: false, error });
}

/** Runs a method and turns its `SlackError` into Slack's answer. */
export function answering(run: () => Record<string, unknown>, headers: Record<string, string> = {}): Answer {
  try {
    return jsonAnswer(200, { ok: true, ...run() }, headers);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return jsonAnswer(200, { ok: false, error: error.code, ...error.extra }, headers);
  }
}
