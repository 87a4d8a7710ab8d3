import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ServiceTokenSource } from '../../../platform/auth/service-token.ts';
import { HttpFailure, postJson } from './post-json.ts';
import type { Answer } from './post-json.ts';

const tokenSchema = z.object({ access_token: z.string().min(1), expires_at: z.iso.datetime({ offset: true }) });
/** Part of a token's life after which it is not used for another call. */
const USABLE_SHARE = 0.75;
const MAX_CACHED = 1_000;

export interface AgentTokens {
  /**
   * The employee's access token for the run that the ticket names. Kept in memory only.
   * @throws HttpFailure with Agent-Core's answer, or without one when it cannot be reached.
   */
  get(ticket: string, signal: AbortSignal): Promise<string>;
  /** Forgets the ticket's token, because somebody refused it. */
  drop(ticket: string): void;
}

/** Exchanges the worker's own token and a run's ticket for the employee's token, at Agent-Core. */
export function createAgentTokens(deps: {
  agentCoreUrl: string;
  serviceToken: ServiceTokenSource;
  now?: () => number;
}): AgentTokens {
  const { now = Date.now } = deps;
  const cache = new Map<string, { token: string; usableUntilMs: number }>();

  async function ask(ticket: string, signal: AbortSignal): Promise<Answer> {
    try {
      const authorization = `Bearer ${await deps.serviceToken.token()}`;
      return await postJson(new URL('/internal/agent-tokens', deps.agentCoreUrl), {
        headers: { authorization },
        body: { ticket },
        signal,
      });
    } catch (cause) {
      throw new HttpFailure('agent-core', undefined, { cause });
    }
  }

  async function exchange(ticket: string, signal: AbortSignal): Promise<{ token: string; usableUntilMs: number }> {
    const askedAtMs = now();
    const answer = await ask(ticket, signal);
    const parsed = answer.status === 200 ? tokenSchema.safeParse(answer.body) : undefined;
    // An answer in another form may hold a token all the same: it goes into no error, which may be logged.
    if (!parsed?.success) throw new HttpFailure('agent-core', answer.status === 200 ? undefined : answer);
    const lifeMs = Date.parse(parsed.data.expires_at) - askedAtMs;
    return { token: parsed.data.access_token, usableUntilMs: askedAtMs + lifeMs * USABLE_SHARE };
  }

  return {
    async get(ticket, signal) {
      const key = keyOf(ticket);
      const known = cache.get(key);
      if (known && known.usableUntilMs > now()) return known.token;
      const fresh = await exchange(ticket, signal);
      if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value ?? '');
      cache.set(key, fresh);
      return fresh.token;
    },
    drop: (ticket) => void cache.delete(keyOf(ticket)),
  };
}

/** Tickets are long and are credentials: the cache is keyed by their hash. */
function keyOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
