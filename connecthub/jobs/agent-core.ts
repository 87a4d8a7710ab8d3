import type { JsonObject } from '../../contracts/json.ts';
import { triggerAnswerSchema, type TriggerAnswer, type WebhookTrigger } from '../../contracts/trigger.ts';
import type { ServiceTokenSource } from '../../platform/auth/service-token.ts';

export interface AgentCore {
  /** Rejects unless Agent-Core has taken the decision. */
  sendDecision(decision: JsonObject): Promise<void>;
  /** Rejects unless Agent-Core has taken the news of a connection. */
  sendConnection(change: JsonObject): Promise<void>;
  /** What Agent-Core made of an event. Rejects unless it has taken it, with `AgentCoreRefusal` where it answered. */
  sendTrigger(trigger: WebhookTrigger): Promise<TriggerAnswer['decision']>;
}

/** An answer that is none of success. `isFinal`: the same would be refused again, whenever it comes. */
export class AgentCoreRefusal extends Error {
  readonly isFinal: boolean;

  constructor(status: number) {
    super(`Agent-Core answered ${status}`);
    this.name = 'AgentCoreRefusal';
    this.isFinal = status >= 400 && status < 500 && !PASSING.has(status);
  }
}

/** Who asks, how fast, and how often: not what. */
const PASSING = new Set([401, 403, 408, 425, 429]);

const TIMEOUT_MS = 5_000;
/** A trigger chooses an employee and writes runs. */
const TRIGGER_TIMEOUT_MS = 20_000;

/** `POST /internal/decisions`, `/internal/connections` and `/v1/triggers` with our own service token. */
export function createAgentCore(options: { url: URL; tokens: ServiceTokenSource; fetch?: typeof fetch }): AgentCore {
  const send = options.fetch ?? fetch;
  const post = async (path: string, body: JsonObject): Promise<void> => {
    const response = await send(new URL(path, options.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${await options.tokens.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`Agent-Core answered ${response.status}`);
  };
  const sendTrigger: AgentCore['sendTrigger'] = async (trigger) => {
    const response = await send(new URL('/v1/triggers', options.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${await options.tokens.token()}`, 'content-type': 'application/json' },
      body: JSON.stringify(trigger),
      redirect: 'error',
      signal: AbortSignal.timeout(TRIGGER_TIMEOUT_MS),
    });
    if (response.ok) return triggerAnswerSchema.parse(await response.json()).decision;
    await response.body?.cancel();
    throw new AgentCoreRefusal(response.status);
  };
  return {
    sendTrigger,
    sendDecision: (decision) => post('/internal/decisions', decision),
    sendConnection: (change) => post('/internal/connections', change),
  };
}
