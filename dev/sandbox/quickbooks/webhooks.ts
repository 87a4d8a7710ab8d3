import { createHmac, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { parseInput } from '../control/errors.ts';
import type { ClientCredentials } from '../core/client-auth.ts';
import type { Machinery } from '../core/machinery.ts';
import { webhookSecretOf, type WebhookSender } from '../core/webhooks.ts';

const inputSchema = z.strictObject({
  /** Intuit is changing from `eventNotifications` to CloudEvents. */
  format: z.enum(['cloudevents', 'notifications']),
  changes: z
    .array(
      z.strictObject({
        realm: z.string(),
        /** `Invoice`. */
        entity: z.string(),
        id: z.string(),
        operation: z.enum(['Create', 'Update', 'Delete', 'Merge', 'Void', 'Emailed']),
      }),
    )
    .min(1),
});
type Change = z.infer<typeof inputSchema>['changes'][number];

const PAST = { Create: 'created', Update: 'updated', Delete: 'deleted', Merge: 'merged', Void: 'voided', Emailed: 'emailed' };
const RETRIES = 3;

export function quickBooksWebhooks({ now }: Machinery, client: ClientCredentials): WebhookSender {
  const secret = webhookSecretOf(client);
  return {
    retries: RETRIES,
    prepare: (event) => {
      const { format, changes } = parseInput(inputSchema, event);
      const at = new Date(now()).toISOString();
      const body = JSON.stringify(
        format === 'cloudevents' ? changes.map((one) => cloudEvent(one, at)) : notifications(changes, at),
      );
      const signature = createHmac('sha256', secret).update(body).digest('base64');
      return () => ({ headers: { 'content-type': 'application/json', 'intuit-signature': signature }, body });
    },
  };
}

function cloudEvent({ realm, entity, id, operation }: Change, time: string) {
  const type = `qbo.${entity.toLowerCase()}.${PAST[operation]}.v1`;
  const common = { specversion: '1.0', id: randomUUID(), source: 'intuit.sandbox', datacontenttype: 'application/json' };
  return { ...common, type, time, intuitentityid: id, intuitaccountid: realm, data: {} };
}

function notifications(changes: readonly Change[], lastUpdated: string) {
  const realms = [...new Set(changes.map(({ realm }) => realm))];
  return {
    eventNotifications: realms.map((realmId) => ({
      realmId,
      dataChangeEvent: {
        entities: changes
          .filter(({ realm }) => realm === realmId)
          .map(({ entity: name, id, operation }) => ({ name, id, operation, lastUpdated })),
      },
    })),
  };
}
