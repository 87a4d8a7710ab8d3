import { OutgoingError, type OutgoingClient } from '../outgoing/client.ts';
import type { ApiRequest, ApiResult, ProviderReader } from '../providers/definition.ts';
import { ProviderRefusal, safeReason } from '../providers/refusal.ts';
import type { Provider } from '../providers/registry.ts';

/** One call's way to its provider: a token, and a time by which everything must have ended. */
export interface ProviderApi {
  /** Sends a request that may make an effect: once, whatever happens. */
  send(request: ApiRequest): Promise<ApiResult>;
  readonly reader: ProviderReader;
  /** Shortens the time left; used when less of the lease is left than thought. */
  limit(leftMs: number): void;
}

/** Where a provider cannot be reached and does not say for how long. */
const UNAVAILABLE_RETRY_MS = 2_000;

export function createProviderApi(
  outgoing: OutgoingClient,
  provider: Provider,
  call: { accessToken: string; accountId: string; scopes: readonly string[]; timeoutMs: number },
): ProviderApi {
  let endsAtMs = performance.now() + call.timeoutMs;

  async function send(request: ApiRequest): Promise<ApiResult> {
    const { verb, path, headers, body } = provider.definition.toHttp(request, call.accountId);
    const timeoutMs = Math.floor(endsAtMs - performance.now());
    if (timeoutMs <= 0) return notDone('timed_out');
    try {
      const answer = await outgoing.send({
        method: verb,
        url: new URL(`${provider.addresses.api}${path}`),
        headers: { ...headers, authorization: `Bearer ${call.accessToken}`, accept: 'application/json' },
        ...(body !== undefined && { body }),
        timeoutMs,
        allowedOrigin: new URL(provider.addresses.api).origin,
      });
      return provider.definition.readAnswer(answer);
    } catch (error) {
      if (!(error instanceof OutgoingError)) throw error;
      return error.kind === 'not_sent'
        ? notDone(safeReason(error.reason))
        : { kind: 'uncertain', reason: safeReason(error.reason), isOver: false };
    }
  }

  const reader: ProviderReader = {
    scopes: call.scopes,
    read: async (method, args) => {
      const answer = await send({ method, args });
      if (answer.kind === 'ok') return answer.body;
      // Reading changes nothing: without an answer it simply did not happen.
      throw new ProviderRefusal(answer.kind === 'refused' ? answer : notDone(answer.reason));
    },
  };
  return { send, reader, limit: (leftMs) => void (endsAtMs = Math.min(endsAtMs, performance.now() + leftMs)) };
}

function notDone(reason: string): ApiResult & { kind: 'refused' } {
  return { kind: 'refused', code: 'provider_unavailable', reason, retryable: true, retryAfterMs: UNAVAILABLE_RETRY_MS };
}
