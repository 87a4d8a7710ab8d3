import { z } from 'zod';
import { exchange } from './http.ts';
import { UnreachableError } from './problem-error.ts';

export interface DevelopmentTokenOptions {
  readonly issuersUrl: string;
  readonly person: { readonly user_id: string; readonly org_id: string; readonly role: string };
  readonly nowMs: () => number;
  readonly fetch?: typeof fetch;
}

const answerSchema = z.looseObject({ token: z.string(), expires_in: z.number() });
const RENEW_BEFORE_MS = 60_000;

/**
 * Tokens of a person from the development stack's issuer, each used until shortly before it ends.
 * @throws UnreachableError (from the returned function) when the stack is not running.
 */
export function developmentTokens(options: DevelopmentTokenOptions): () => Promise<string> {
  let current: { token: string; renewAtMs: number } | undefined;
  return async () => {
    if (!current || options.nowMs() >= current.renewAtMs) current = await fetchToken(options);
    return current.token;
  };
}

async function fetchToken(options: DevelopmentTokenOptions) {
  const url = `${options.issuersUrl.replace(/\/+$/, '')}/people/token`;
  const { user_id, org_id, role } = options.person;
  const response = await exchange(options.fetch ?? fetch, url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id, org_id, role }),
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  });
  const answer = answerSchema.safeParse(await response.json().catch(() => undefined));
  if (!response.ok || !answer.success) throw new UnreachableError(url, `gave no token (${response.status}).`);
  return { token: answer.data.token, renewAtMs: options.nowMs() + answer.data.expires_in * 1000 - RENEW_BEFORE_MS };
}
