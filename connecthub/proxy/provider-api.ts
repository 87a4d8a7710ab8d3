import type { Breaker } from '../limits/breaker.ts';
import { unitsOf } from '../limits/rate.ts';
import type { RequestShares } from '../limits/request-shares.ts';
import { refusalOf, type Sent } from '../limits/turn.ts';
import { OutgoingError, type OutgoingClient } from '../../platform/outgoing/client.ts';
import type { ApiRequest, ApiResult, HttpRequest, ProviderReader, Refusal } from '../providers/definition.ts';
import { ProviderRefusal, safeReason } from '../providers/refusal.ts';
import type { Provider } from '../providers/registry.ts';
import { inProviderSpan, type RequestSubject } from './provider-span.ts';

/** One call's way to its provider: a token, and a time by which everything must have ended. */
export interface ProviderApi {
  /**
   * Takes the request's share of the provider's limits, ahead of `send`, so that nothing has to be waited for between a
   * last look at the lease and the first byte. Defined: there is none, and nothing may be sent.
   */
  makeRoom(request: ApiRequest): Promise<Refused | undefined>;
  /** Sends a request that may make an effect: once, whatever happens. */
  send(request: ApiRequest): Promise<ApiResult>;
  readonly reader: ProviderReader;
  /** Units of the provider's limits that the requests which went out have taken. */
  spent(): number;
  /** Shortens the time left; used when less of the lease is left than thought. */
  limit(leftMs: number): void;
}

export interface ProviderCall {
  accessToken: string;
  accountId: string;
  scopes: readonly string[];
  timeoutMs: number;
  /** These two are absent where there is no connection yet that they could be about. */
  shares?: RequestShares;
  breaker?: Breaker;
  /** What the requests are for, for whoever looks at their trace. */
  subject?: RequestSubject;
}

type Refused = ApiResult & { kind: 'refused' };

/** Where a provider cannot be reached and does not say for how long. */
const UNAVAILABLE_RETRY_MS = 2_000;

export function createProviderApi(outgoing: OutgoingClient, provider: Provider, call: ProviderCall): ProviderApi {
  let endsAtMs = performance.now() + call.timeoutMs;
  let spentUnits = 0;
  const leftMs = () => Math.floor(endsAtMs - performance.now());

  async function makeRoom(request: ApiRequest, patienceMs = leftMs()): Promise<Refused | undefined> {
    if (!call.shares || call.shares.has(request)) return undefined;
    const sent = await call.shares.take(request, patienceMs);
    return sent && heldBack(sent);
  }

  async function send(request: ApiRequest): Promise<ApiResult> {
    // Mostly there already. One that has grown old meanwhile is replaced where that takes no waiting.
    const refused = await makeRoom(request, 0);
    if (refused) return refused;
    const timeoutMs = leftMs();
    if (timeoutMs <= 0) return notDone('timed_out');
    const passage = call.breaker?.enter();
    if (passage && 'blockedMs' in passage) return { kind: 'refused', ...leftAlone(passage.blockedMs) };
    spentUnits += unitsOf(provider.limits, request);
    const { result, isUp } = await exchange(request, timeoutMs);
    passage?.end(isUp);
    return result;
  }

  /** `isUp`: there was an answer, and none of the provider's own trouble. */
  async function exchange(request: ApiRequest, timeoutMs: number): Promise<{ result: ApiResult; isUp: boolean }> {
    const { toHttp, authorise = withBearer } = provider.definition;
    const { verb, path, headers, body } = authorise(toHttp(request, call.accountId), call.accessToken);
    try {
      const { origin: allowedOrigin, hostname: server } = new URL(provider.addresses.api);
      const about = { provider: provider.definition.id, method: request.method, verb, server, subject: call.subject };
      const answer = await inProviderSpan(about, () =>
        outgoing.send({
          method: verb,
          url: new URL(`${provider.addresses.api}${path}`),
          headers: { accept: 'application/json', ...headers },
          ...(body !== undefined && { body }),
          timeoutMs,
          allowedOrigin,
        }),
      );
      const result = provider.definition.readAnswer(answer);
      return { result, isUp: result.kind !== 'uncertain' };
    } catch (error) {
      if (!(error instanceof OutgoingError)) throw error;
      const reason = safeReason(error.reason);
      const result: ApiResult = error.kind === 'not_sent' ? notDone(reason) : { kind: 'uncertain', reason, isOver: false };
      return { result, isUp: false };
    }
  }

  const reader: ProviderReader = {
    scopes: call.scopes,
    read: async (method, args) => {
      const request = { method, args };
      const answer = (await makeRoom(request)) ?? (await send(request));
      if (answer.kind === 'ok') return answer.body;
      // Reading changes nothing: without an answer it simply did not happen.
      throw new ProviderRefusal(answer.kind === 'refused' ? answer : notDone(answer.reason));
    },
  };
  const limit = (leftMs: number) => void (endsAtMs = Math.min(endsAtMs, performance.now() + leftMs));
  return { makeRoom, send, reader, spent: () => spentUnits, limit };
}

function withBearer(request: HttpRequest, token: string): HttpRequest {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}

/** A connection over which the provider could not be reached for a while: nothing is sent. */
export function leftAlone(retryAfterMs: number): Refusal {
  return { code: 'provider_unavailable', reason: 'breaker_open', retryable: true, retryAfterMs };
}

function notDone(reason: string): Refused {
  return { kind: 'refused', code: 'provider_unavailable', reason, retryable: true, retryAfterMs: UNAVAILABLE_RETRY_MS };
}

function heldBack(sent: Sent): Refused {
  return { kind: 'refused', ...refusalOf(sent) };
}
