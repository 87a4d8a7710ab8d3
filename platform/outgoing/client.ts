import { lookup as resolve } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { Agent, request as send } from 'undici';
import { isPrivate, isReachable } from './addresses.ts';
import { createPlaces } from './places.ts';

/**
 * A request without a readable answer. `not_sent`: no connection was made, so the other side saw nothing.
 * `uncertain`: it may have been received. Holds no part of the request.
 */
export class OutgoingError extends Error {
  readonly kind: 'not_sent' | 'uncertain';
  readonly reason: string;

  constructor(kind: 'not_sent' | 'uncertain', reason: string) {
    super(`${kind}: ${reason}`);
    this.name = 'OutgoingError';
    this.kind = kind;
    this.reason = reason;
  }
}

export interface OutgoingRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  headers: { [name: string]: string };
  body?: string;
  /** From here to the last byte of the answer. */
  timeoutMs: number;
  /** Most time without a byte of the answer; the client's own default is five minutes. */
  silenceMs?: number;
  /** Ends the request before its time. */
  signal?: AbortSignal;
  /** The only origin this request may go to. */
  allowedOrigin: string;
}

export interface OutgoingAnswer {
  status: number;
  headers: { [name: string]: string };
  body: string;
}

export interface OutgoingClient {
  /** Sends one request, follows no redirect, repeats nothing. Rejects with `OutgoingError`. */
  send(request: OutgoingRequest): Promise<OutgoingAnswer>;
  close(): Promise<void>;
}

const MAX_ANSWER_BYTES = 2 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 3_000;

type MayReach = (address: string) => boolean;

/** What happens only before a connection stands. */
const NOT_SENT = new Set([
  'ADDRESS_BLOCKED',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** No byte of the answer within `silenceMs`. */
const SILENCES = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** System calls that come before a connection stands: any failure of them. A lost route also fails a read or write later. */
const CONNECTING = new Set(['connect', 'getaddrinfo']);

/**
 * Requests and connections at once to one origin. Whoever does not answer holds up what goes to itself, and never so much
 * that a process has no room left for others.
 */
const AT_ONCE = 256;
/** Whoever finds all of them taken is told so rather than kept: a request that was let go now must not arrive much later. */
const PLACE_WITHIN_MS = 100;

export interface OutgoingOptions {
  allowLoopback: boolean;
  /** Addresses of private networks too: only where nobody but who runs Clancy says where requests go. */
  allowPrivate?: boolean;
  /** 256 by default. */
  atOnce?: number;
  /** Two megabytes by default. */
  maxAnswerBytes?: number;
}

/** The guarded way out: one origin per request, no private addresses, bounded answers, a pool of connections per origin. */
export function createOutgoingClient(options: OutgoingOptions): OutgoingClient {
  const { atOnce = AT_ONCE, maxAnswerBytes = MAX_ANSWER_BYTES } = options;
  const mayReach = (address: string): boolean =>
    isReachable(address, options.allowLoopback) || (options.allowPrivate === true && isPrivate(address));
  const places = createPlaces(atOnce);
  const agent = new Agent({
    connections: atOnce,
    connect: { lookup: guardedLookup(mayReach), timeout: CONNECT_TIMEOUT_MS },
    maxResponseSize: maxAnswerBytes,
    maxHeaderSize: 32 * 1024,
  });
  return {
    send: async (request) => {
      assertAllowed(request, mayReach);
      const { method, headers, url, body, timeoutMs, silenceMs } = request;
      const inTime = AbortSignal.timeout(timeoutMs);
      const signal = request.signal ? AbortSignal.any([inTime, request.signal]) : inTime;
      const silence = silenceMs !== undefined && { headersTimeout: silenceMs, bodyTimeout: silenceMs };
      const leave = await places.take(url.origin, Math.min(PLACE_WITHIN_MS, timeoutMs));
      if (!leave) throw new OutgoingError('not_sent', 'no_place');
      try {
        const about = { dispatcher: agent, method, headers, signal, ...silence };
        const answer = await send(url, { ...about, ...(body !== undefined && { body }) });
        return { status: answer.statusCode, headers: flatten(answer.headers), body: await answer.body.text() };
      } catch (error) {
        throw toOutgoingError(error);
      } finally {
        leave();
      }
    },
    close: () => agent.close(),
  };
}

/**
 * Literal addresses never reach `lookup`; URL has already normalised their decimal, octal and short forms. The origins of
 * other schemes are all the same word.
 */
function assertAllowed({ url, allowedOrigin }: OutgoingRequest, mayReach: MayReach): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new OutgoingError('not_sent', 'scheme_not_allowed');
  if (url.origin !== allowedOrigin) throw new OutgoingError('not_sent', 'host_not_allowed');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayReach(host)) throw new OutgoingError('not_sent', 'address_blocked');
}

/** Resolves once and hands the checked addresses to the socket: a second resolution could answer otherwise. */
function guardedLookup(mayReach: MayReach): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error) return callback(error, '');
      if (!first || !addresses.every(({ address }) => mayReach(address))) {
        return callback(Object.assign(new Error('address blocked'), { code: 'ADDRESS_BLOCKED' }), '');
      }
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

/** What an error of the way out means for the request. */
export function toOutgoingError(error: unknown): OutgoingError {
  const origin = textOf(error, 'code') === undefined && error instanceof Error ? error.cause : error;
  const code = textOf(origin, 'code');
  if (code !== undefined && (NOT_SENT.has(code) || isOfConnecting(origin))) {
    return new OutgoingError('not_sent', code.toLowerCase());
  }
  if (code !== undefined && SILENCES.has(code)) return new OutgoingError('uncertain', 'silent');
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  return new OutgoingError('uncertain', isTimeout ? 'timed_out' : (code ?? 'connection_lost').toLowerCase());
}

/** Node tries the addresses of a name in turn; their failures come as one aggregate. */
function isOfConnecting(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isOfConnecting);
  return CONNECTING.has(textOf(error, 'syscall') ?? '');
}

function textOf(error: unknown, name: 'code' | 'syscall'): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}

function flatten(headers: { [name: string]: string | string[] | undefined }): { [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]));
}
