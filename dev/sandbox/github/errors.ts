import { jsonAnswer } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';

/** A failure as GitHub tells it. https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
export class GitHubError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export const notFound = () => new GitHubError(404, 'Not Found');
export const invalid = (why: string) => new GitHubError(422, `Validation Failed: ${why}`);

export function renderFailure({ status, message, headers }: GitHubError): Answer {
  const body = { message, documentation_url: 'https://docs.github.com/rest', status: String(status) };
  return jsonAnswer(status, body, headers);
}

/** The hour of the primary limit ends this long after the answer; what an injected one says. */
const RESET_S = 1_800;

/** Faults that are injected by a word. */
export function renderErrorAt(word: string, nowMs: number): Answer {
  const reset = String(Math.floor(nowMs / 1_000) + RESET_S);
  const known: { readonly [word: string]: GitHubError } = {
    rate_limit: new GitHubError(403, 'API rate limit exceeded for user ID 1.', {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': reset,
    }),
    secondary_rate_limit: new GitHubError(403, 'You have exceeded a secondary rate limit. Please wait a few minutes.'),
    not_accessible: new GitHubError(403, 'Resource not accessible by integration'),
    forbidden: new GitHubError(403, 'Must have push access to the repository'),
    bad_credentials: new GitHubError(401, 'Bad credentials'),
    not_found: notFound(),
    gone: new GitHubError(410, 'Issues has been disabled in this repository.'),
    validation_failed: invalid('injected'),
  };
  return renderFailure(known[word] ?? new GitHubError(400, word));
}

/** Failures that are injected by an HTTP status. */
export function renderStatus(status: number, retryAfterS: number | undefined): Answer {
  const headers: Record<string, string> = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
  return renderFailure(new GitHubError(status, status === 429 ? 'Too many requests' : 'Server Error', headers));
}
