import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ServiceTokenSource } from '../../../platform/auth/service-token.ts';
import { createTokenCache } from '../../../platform/auth/token-cache.ts';
import type { IssuedToken, TokenCache } from '../../../platform/auth/token-cache.ts';
import { HttpFailure, postJson } from './post-json.ts';
import type { Answer } from './post-json.ts';

const tokenSchema = z.object({ access_token: z.string().min(1), expires_at: z.iso.datetime({ offset: true }) });
const EXCHANGE_TIMEOUT_MS = 15_000;
const MAX_DROPPED = 1_000;

export interface AgentTokens {
  /**
   * The employee's access token for the run that the ticket names. Kept in memory only, until about three quarters of its
   * life. @throws HttpFailure with Agent-Core's answer, or without one when it cannot be reached.
   */
  get(ticket: string): Promise<string>;
  /** Forgets the ticket's token, because somebody refused it. */
  drop(ticket: string): void;
}

/** Exchanges the worker's own token and a run's ticket for the employee's token, at Agent-Core. */
export function createAgentTokens(deps: {
  agentCoreUrl: string;
  serviceToken: ServiceTokenSource;
  cache?: TokenCache;
}): AgentTokens {
  const { agentCoreUrl, serviceToken, cache = createTokenCache() } = deps;
  /** How often a ticket's token was dropped: part of its key, so that the next one is asked for anew. */
  const drops = new Map<string, number>();

  async function ask(ticket: string): Promise<Answer> {
    try {
      const authorization = `Bearer ${await serviceToken.token()}`;
      const signal = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS);
      return await postJson(new URL('/internal/agent-tokens', agentCoreUrl), {
        headers: { authorization },
        body: { ticket },
        signal,
      });
    } catch (cause) {
      throw new HttpFailure('agent-core', undefined, { cause });
    }
  }

  async function exchange(ticket: string): Promise<IssuedToken> {
    const answer = await ask(ticket);
    const parsed = answer.status === 200 ? tokenSchema.safeParse(answer.body) : undefined;
    // A success that cannot be read is no answer, and may hold a token.
    if (!parsed?.success) throw new HttpFailure('agent-core', answer.status === 200 ? undefined : answer);
    return { accessToken: parsed.data.access_token, expiresAtMs: Date.parse(parsed.data.expires_at) };
  }

  return {
    async get(ticket) {
      const key = keyOf(ticket);
      const { accessToken } = await cache.get(`${key}.${drops.get(key) ?? 0}`, () => exchange(ticket));
      return accessToken;
    },
    drop(ticket) {
      const key = keyOf(ticket);
      if (drops.size >= MAX_DROPPED && !drops.has(key)) drops.clear();
      drops.set(key, (drops.get(key) ?? 0) + 1);
    },
  };
}

/** Tickets are long and are credentials: the cache is keyed by their hash. */
function keyOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
