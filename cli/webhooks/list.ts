import { z } from 'zod';
import { moreRows, pageInput, pageOptions } from '../inputs.ts';
import { page, table } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';
import { verb } from '../verb.ts';

export const listWebhooks = verb({
  name: 'list',
  summary: 'list what providers told, the newest first',
  options: [
    { flags: '--state <state>', description: 'unsent, sent or parked (refused again and again: it waits for you)' },
    { flags: '--provider <provider>', description: 'only those of one provider, such as slack' },
    ...pageOptions,
  ],
  examples: ['clancy webhooks list --state parked', 'clancy webhooks list --provider slack --json'],
  input: z.strictObject({
    ...pageInput,
    state: z.enum(['unsent', 'sent', 'parked'], 'unsent, sent or parked').optional(),
    provider: z.string().optional(),
  }),
  run: async ({ client, show }, query) => {
    show(await client.webhooks.list(query), ({ items, next_cursor }) =>
      items.length === 0
        ? 'Nothing.'
        : page([
            table(
              ['RECEIVED', 'TYPE', 'STATE', 'BECAME', 'ATTEMPTS', 'EVENT'],
              items.map((event) => [
                formatInstant(event.received_at),
                event.type,
                event.state,
                event.decision ?? event.last_error ?? '',
                String(event.attempts),
                event.event_id,
              ]),
            ),
            moreRows(next_cursor),
          ]),
    );
  },
});
