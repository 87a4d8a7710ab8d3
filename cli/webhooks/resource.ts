import type { Resource } from '../resource.ts';
import { listWebhooks } from './list.ts';
import { retryWebhook } from './retry.ts';

export const webhooksResource: Resource = {
  name: 'webhooks',
  summary: 'see what providers told of your accounts, and send again what could not be taken',
  verbs: [listWebhooks, retryWebhook],
};
