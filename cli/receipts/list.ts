import { z } from 'zod';
import { idInput, moreRows, pageInput, pageOptions } from '../inputs.ts';
import { page, table } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';
import { verb } from '../verb.ts';
import { outcomeInWords } from './outcome.ts';

export const listReceipts = verb({
  name: 'list',
  summary: 'list receipts, the newest first',
  options: [
    { flags: '--run <id>', description: 'only those of one run' },
    { flags: '--employee <id>', description: 'only those of one employee' },
    { flags: '--outcome <outcome>', description: 'succeeded, refused, maybe, unknown or in_flight' },
    ...pageOptions,
  ],
  examples: [
    'clancy receipts list --outcome unknown',
    'clancy receipts list --run emp:4f3k9wz0h1c7m2v8x5tq6n0rda_v1:2025-06-09T18:00Z --json',
  ],
  input: z.strictObject({ ...pageInput, run: idInput.optional(), employee: idInput.optional(), outcome: z.string().optional() }),
  run: async ({ client, show }, { run, employee, ...query }) => {
    show(await client.receipts.list({ ...query, run_id: run, employee_id: employee }), ({ items, next_cursor }) =>
      items.length === 0
        ? 'No receipts.'
        : page([
            table(
              ['TIME', 'CAPABILITY', 'OUTCOME', 'ATTEMPTS', 'CALL'],
              items.map((receipt) => [
                formatInstant(receipt.created_at),
                receipt.capability,
                outcomeInWords(receipt),
                String(receipt.attempts.length),
                receipt.call_id,
              ]),
            ),
            moreRows(next_cursor),
          ]),
    );
  },
});
