import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientCredentials } from './client-auth.ts';

/** What a provider sends to an address of the application. */
export interface WebhookRequest {
  headers: Record<string, string>;
  body: string;
}

/** One delivery, made ready: each attempt of it is signed anew. `attempt` counts from 0. */
export type PreparedWebhook = (attempt: number) => WebhookRequest;

export interface WebhookSender {
  /** Attempts after the first one, as the provider documents them. */
  retries: number;
  /** @throws ControlError for an event that the provider does not know */
  prepare(event: unknown): PreparedWebhook;
}

export interface Attempt {
  status: number | null;
  body: string;
}

/** The secret that the application and the provider share for webhooks: made of the client's, so that nobody has to carry another. */
export function webhookSecretOf({ clientSecret }: Pick<ClientCredentials, 'clientSecret'>): string {
  return createHash('sha256').update(`webhooks ${clientSecret}`).digest('hex');
}

const TIMEOUT_MS = 10_000;

/** Sends until it is taken or the provider gives up. A redirect is no answer. */
export async function deliverWebhook(
  url: string,
  webhook: PreparedWebhook,
  { retries, pauseMs }: { retries: number; pauseMs: number },
): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (let attempt = 0; attempt <= retries; attempt += 1) {
    if (attempt > 0) await delay(pauseMs);
    const { headers, body } = webhook(attempt);
    const made = await send(url, headers, body);
    attempts.push(made);
    if (made.status !== null && made.status >= 200 && made.status < 300) break;
  }
  return attempts;
}

async function send(url: string, headers: Record<string, string>, body: string): Promise<Attempt> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: await response.text() };
  } catch {
    return { status: null, body: '' };
  }
}
