import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ControlError, parseInput } from '../control/errors.ts';
import type { Machinery } from '../core/machinery.ts';
import type { WebhookSender } from '../core/webhooks.ts';
import { signIdToken } from '../google/id-token.ts';
import type { Mailboxes } from './mailboxes.ts';

/** Whom the sandbox's Pub/Sub pushes as, and for. */
export const PUSH = {
  audience: 'clancy-sandbox-push',
  serviceAccount: 'push@clancy-sandbox.iam.gserviceaccount.com',
  topic: 'projects/clancy-sandbox/topics/gmail',
};

const inputSchema = z.strictObject({ mailbox: z.string() });
const RETRIES = 3;

/** https://developers.google.com/workspace/gmail/api/guides/push: a mailbox that is watched tells where it stands. */
export function gmailWebhooks({ now }: Machinery, mailboxes: Mailboxes): WebhookSender {
  return {
    retries: RETRIES,
    prepare: (event) => {
      const { mailbox: address } = parseInput(inputSchema, event);
      const mailbox = mailboxes.find(address);
      if (mailbox?.watch === undefined || mailbox.watch === null || mailbox.watch.endsAtMs <= now()) {
        throw new ControlError(409, `nobody watches ${address}`);
      }
      const data = Buffer.from(JSON.stringify({ emailAddress: address, historyId: mailbox.historyId })).toString('base64');
      const messageId = randomUUID();
      const body = JSON.stringify({
        message: { data, messageId, message_id: messageId, publishTime: new Date(now()).toISOString() },
        subscription: 'projects/clancy-sandbox/subscriptions/gmail',
      });
      return () => {
        const claims = { issuer: 'https://accounts.google.com', clientId: PUSH.audience, email: PUSH.serviceAccount };
        return { headers: { 'content-type': 'application/json', authorization: `Bearer ${signIdToken(claims, now())}` }, body };
      };
    },
  };
}
