import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { ProblemError, problemSchema, UnreachableError } from './problem-error.ts';

/** One service: where it is, and who asks. */
export interface Service {
  readonly baseUrl: string;
  /** Asked before every request, so that a long watch outlives the first token. */
  readonly token: () => Promise<string>;
  readonly fetch: typeof fetch;
}

export type QueryValue = string | number | undefined;

export interface HttpRequest<T extends z.ZodType> {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Made with `path`, so that no value leaves its segment. */
  readonly path: string;
  readonly query?: { readonly [name: string]: QueryValue };
  readonly body?: unknown;
  /** Instead of a body of JSON: a text with its media type. */
  readonly text?: { readonly type: string; readonly body: string } | undefined;
  /** Of a POST: the caller's own, who may then repeat the request; a new one otherwise. */
  readonly idempotencyKey?: string | undefined;
  /** The entity tag of what the caller decided upon. */
  readonly ifMatch?: string | undefined;
  /** No token is sent. */
  readonly isPublic?: boolean;
  readonly answer: T;
}

/** A model may read a job description during the request, so it is longer than a lookup needs. */
const REQUEST_TIMEOUT_MS = 60_000;

/**
 * A path whose values are encoded each into one segment: `` path`/v1/runs/${runId}` ``.
 * @throws RangeError for a value that the URL parser would read as "here", "up" or nothing.
 */
export function path(parts: TemplateStringsArray, ...values: (string | number)[]): string {
  return parts.reduce((made, part, index) => `${made}${encodeSegment(String(values[index - 1] ?? ''))}${part}`);
}

function encodeSegment(value: string): string {
  if (value === '' || value === '.' || value === '..') throw new RangeError(`'${value}' is no identifier`);
  return encodeURIComponent(value);
}

/** As `sendRaw`, with the answer parsed. */
export async function send<T extends z.ZodType>(service: Service, request: HttpRequest<T>): Promise<z.infer<T>> {
  const response = await sendRaw(service, request, 'application/json');
  const body: unknown = response.status === 204 ? undefined : await readJson(response);
  const parsed = request.answer.safeParse(body);
  if (!parsed.success) throw new UnreachableError(response.url, 'gave an answer that this version of clancy does not know.');
  return parsed.data;
}

/**
 * Sends the request and returns a successful answer unread.
 * @throws ProblemError when the service refused, UnreachableError when there was no (sensible) answer.
 */
export async function sendRaw(
  service: Service,
  request: Omit<HttpRequest<z.ZodType>, 'answer'>,
  accept: string,
): Promise<Response> {
  const url = urlOf(service.baseUrl, request.path, request.query ?? {});
  const response = await exchange(service.fetch, url, {
    method: request.method ?? 'GET',
    headers: await headersOf(service, request, accept),
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    ...(request.text && { body: request.text.body }),
    redirect: 'error',
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  if (!response.ok) throw await refusalOf(response);
  return response;
}

async function headersOf(service: Service, request: Omit<HttpRequest<z.ZodType>, 'answer'>, accept: string) {
  return {
    accept,
    ...(request.isPublic !== true && { authorization: `Bearer ${await service.token()}` }),
    ...(request.body !== undefined && { 'content-type': 'application/json' }),
    ...(request.text && { 'content-type': request.text.type }),
    ...(request.method === 'POST' && { 'idempotency-key': request.idempotencyKey ?? randomUUID() }),
    ...(request.ifMatch !== undefined && { 'if-match': request.ifMatch }),
  };
}

export function urlOf(baseUrl: string, pathname: string, query: { readonly [name: string]: QueryValue }): string {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}${pathname}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

/** `fetch`, whose many ways to fail become one. */
export async function exchange(fetchIt: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetchIt(url, init);
  } catch (cause) {
    if (init.signal?.aborted === true && !isTimeout(init.signal.reason)) throw init.signal.reason;
    throw new UnreachableError(url, `cannot be reached (${reasonOf(cause)}).`, cause);
  }
}

/** What an unsuccessful answer means. */
export async function refusalOf(response: Response): Promise<ProblemError | UnreachableError> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = problemSchema.safeParse(body);
  if (!problem.success) return new UnreachableError(response.url, `answered ${response.status} without saying why.`);
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ProblemError(problem.data, Number.isFinite(retryAfter) ? retryAfter : undefined);
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new UnreachableError(response.url, 'gave an answer that is not JSON.', cause);
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

/** Node's fetch says "fetch failed" and keeps the reason in `cause`. */
function reasonOf(thrown: unknown): string {
  if (isTimeout(thrown)) return 'no answer in time';
  const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.message : String(cause);
}
