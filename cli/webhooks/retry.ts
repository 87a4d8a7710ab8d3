import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';

export const retryWebhook = verb({
  name: 'retry',
  summary: 'send a parked event again',
  arguments: [['<event>', 'id of the event']],
  examples: ['clancy webhooks retry 6f1c1f0a-5a3e-4d5e-9a43-0a8f5d1f2b3c'],
  input: z.strictObject({ event: idInput }),
  run: async ({ client, show }, { event }) =>
    show(await client.webhooks.retry(event), ({ event_id, type }) => `${event_id} (${type}) will be sent again in a moment.`),
});
