import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { parseInput } from '../control/errors.ts';
import type { ClientCredentials } from '../core/client-auth.ts';
import type { Machinery } from '../core/machinery.ts';
import { webhookSecretOf, type WebhookSender } from '../core/webhooks.ts';

const inputSchema = z.strictObject({
  account: z.string(),
  type: z.string(),
  object: z.looseObject({ object: z.string() }),
  id: z.string().optional(),
});

/** https://docs.stripe.com/webhooks: repeated for three days; here three times. */
const RETRIES = 3;

export function stripeWebhooks({ now }: Machinery, client: ClientCredentials): WebhookSender {
  const secret = webhookSecretOf(client);
  return {
    retries: RETRIES,
    prepare: (event) => {
      const { account, type, object, id = `evt_${randomBytes(12).toString('hex')}` } = parseInput(inputSchema, event);
      const created = Math.floor(now() / 1_000);
      const body = JSON.stringify({
        id,
        object: 'event',
        account,
        api_version: '2026-09-30',
        created,
        livemode: false,
        type,
        data: { object },
      });
      return () => {
        const at = Math.floor(now() / 1_000);
        const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
        // `v0` is of test events only, and no proof.
        const header = `t=${at},v1=${signature},v0=${'0'.repeat(64)}`;
        return { headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': header }, body };
      };
    },
  };
}
