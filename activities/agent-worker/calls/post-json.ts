import { request } from 'undici';
import { postInSpan } from '../../../platform/telemetry/client-span.ts';

export interface Answer {
  status: number;
  retryAfterMs?: number;
  /** Parsed JSON; undefined when the body is none. */
  body: unknown;
}

/**
 * One of our own services answered something that is no success, or did not answer at all. The answer is no member that a
 * logger would find: it may hold what belongs in no log.
 */
export class HttpFailure extends Error {
  readonly service: 'agent-core' | 'connecthub';
  readonly #answer: Answer | undefined;

  constructor(service: 'agent-core' | 'connecthub', answer: Answer | undefined, options?: ErrorOptions) {
    super(answer ? `${service} answered ${answer.status}` : `${service} did not answer`, options);
    this.name = 'HttpFailure';
    this.service = service;
    this.#answer = answer;
  }

  get answer(): Answer | undefined {
    return this.#answer;
  }
}

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

interface PostOptions {
  /** The address without its ids, for the name of the span; the path without. */
  route?: string;
  headers: Record<string, string>;
  body: unknown;
  signal: AbortSignal;
  timeoutMs?: number;
}

/** POSTs JSON once: no redirects, no retries. Rejects when there is no whole answer. */
export function postJson(url: URL, options: PostOptions): Promise<Answer> {
  return postInSpan(url, options.route, (traceHeaders) =>
    post(url, { ...options, headers: { ...options.headers, ...traceHeaders } }),
  );
}

async function post(url: URL, options: PostOptions): Promise<Answer> {
  const { timeoutMs = 60_000 } = options;
  const answer = await request(url, {
    method: 'POST',
    headers: { ...options.headers, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(options.body),
    signal: options.signal,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const retryAfterMs = retryAfter(answer.headers['retry-after']);
  const text = await readBounded(answer.body);
  return { status: answer.statusCode, ...(retryAfterMs !== undefined && { retryAfterMs }), body: parse(text) };
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error(`an answer of more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Seconds, as our own services send it (RFC 9110, 10.2.3). */
function retryAfter(header: string | string[] | undefined): number | undefined {
  const seconds = typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
  return seconds === undefined ? undefined : seconds * 1000;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
