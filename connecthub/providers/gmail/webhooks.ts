import { z } from 'zod';
import { jsonOf, readShape } from '../../webhooks/body.ts';
import type { WebhookDefinition } from '../../webhooks/definition.ts';
import { fetchMail } from './history.ts';
import { gmailWatch } from './watch.ts';

/** https://cloud.google.com/pubsub/docs/push#receive_push */
const pushSchema = z.looseObject({
  message: z.looseObject({ data: z.string().max(10_000), publishTime: z.iso.datetime().optional() }),
});
/** https://developers.google.com/workspace/gmail/api/guides/push#receiving_notifications */
const noticeSchema = z.looseObject({
  emailAddress: z.email().max(320),
  historyId: z.union([z.string().regex(/^\d{1,20}$/), z.int().positive()]).transform(String),
});

/** A push says only that a mailbox has changed, and up to where: what there is must be read. */
export const gmailWebhooks: WebhookDefinition = {
  proof: { by: 'google_token', keys: 'https://www.googleapis.com/oauth2/v3/certs' },
  events: (delivery) => {
    const push = readShape(pushSchema, jsonOf(delivery));
    const notice = push && readShape(noticeSchema, parse(push.message.data));
    if (!push || !notice) return [];
    const { publishTime } = push.message;
    return [
      {
        accounts: [notice.emailAddress.toLowerCase()],
        externalId: `history:${notice.historyId}`,
        type: 'gmail.history',
        occurredAt: publishTime === undefined ? delivery.receivedAt : new Date(publishTime),
        payload: { history_id: notice.historyId },
        isAnnouncement: true,
      },
    ];
  },
  fetch: fetchMail,
  subscription: gmailWatch,
};

function parse(data: string): unknown {
  try {
    return JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
