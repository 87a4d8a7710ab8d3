import { createHmac, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { parseInput } from '../control/errors.ts';
import type { ClientCredentials } from '../core/client-auth.ts';
import { webhookSecretOf, type WebhookSender } from '../core/webhooks.ts';

const inputSchema = z.strictObject({ name: z.string(), payload: z.looseObject({}), delivery: z.string().optional() });

/** https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries: a failed one is not repeated, unless a person asks. */
const RETRIES = 0;

export function githubWebhooks(client: ClientCredentials): WebhookSender {
  const secret = webhookSecretOf(client);
  return {
    retries: RETRIES,
    prepare: (event) => {
      const { name, payload, delivery = randomUUID() } = parseInput(inputSchema, event);
      const body = JSON.stringify(payload);
      return () => ({
        headers: {
          'content-type': 'application/json',
          'user-agent': 'GitHub-Hookshot/sandbox',
          'x-github-event': name,
          'x-github-delivery': delivery,
          'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
        },
        body,
      });
    },
  };
}
