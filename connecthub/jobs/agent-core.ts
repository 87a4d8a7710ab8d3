import type { JsonObject } from '../../contracts/json.ts';
import type { ServiceTokenSource } from '../../platform/auth/service-token.ts';

export interface AgentCore {
  /** Rejects unless Agent-Core has taken the decision. */
  sendDecision(decision: JsonObject): Promise<void>;
}

const TIMEOUT_MS = 5_000;

/** `POST /internal/decisions` with our own service token. */
export function createAgentCore(options: { url: URL; tokens: ServiceTokenSource; fetch?: typeof fetch }): AgentCore {
  const send = options.fetch ?? fetch;
  return {
    sendDecision: async (decision) => {
      const response = await send(new URL('/internal/decisions', options.url), {
        method: 'POST',
        headers: { authorization: `Bearer ${await options.tokens.token()}`, 'content-type': 'application/json' },
        body: JSON.stringify(decision),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`Agent-Core answered ${response.status}`);
    },
  };
}
