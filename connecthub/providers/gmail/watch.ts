import { z } from 'zod';
import type { SubscriptionApi, SubscriptionDefinition } from '../../webhooks/definition.ts';
import type { ApiRequest } from '../definition.ts';
import { readBody } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';
import { READ } from './scopes.ts';

const watchedSchema = z.looseObject({
  historyId: z.union([z.string().regex(/^\d{1,20}$/), z.int().positive()]).transform(String),
  /** Milliseconds since the epoch. */
  expiration: z.coerce.number().int().positive(),
});

/** A watch ends after seven days; Google recommends to renew it each day. */
const RENEW_AFTER_MS = 24 * 3_600_000;

/** https://developers.google.com/workspace/gmail/api/guides/push#getting_gmail_mailbox_updates */
export const gmailWatch: SubscriptionDefinition = {
  scopes: [READ],
  needsTopic: true,
  begin: async (api, topic) => {
    const body = { topicName: topic, labelIds: ['INBOX'], labelFilterBehavior: 'INCLUDE' };
    const { historyId, expiration } = readBody(watchedSchema, await post(api, { method: 'watch', args: {}, verb: 'POST', body }));
    return { cursor: historyId, endsAt: new Date(expiration), renewAfterMs: RENEW_AFTER_MS };
  },
};

/** Asking twice for a watch is asking for it once: what is uncertain may be asked again. */
async function post(api: SubscriptionApi, request: ApiRequest) {
  const answer = await api.send(request);
  if (answer.kind === 'ok') return answer.body;
  if (answer.kind === 'refused') throw new ProviderRefusal(answer);
  throw new ProviderRefusal({ code: 'provider_unavailable', reason: answer.reason, retryable: true });
}
