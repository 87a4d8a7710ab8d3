import { z } from 'zod';
import { moreRows, pageInput, pageOptions } from '../inputs.ts';
import { page, table } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';
import { verb } from '../verb.ts';

export const listTriggers = verb({
  name: 'list',
  summary: 'list what was asked for and what became of it, the newest first',
  options: [{ flags: '--decision <word>', description: 'started, unmatched, asked, duplicate or dismissed' }, ...pageOptions],
  examples: ['clancy triggers list', 'clancy triggers list --decision asked'],
  input: z.strictObject({ ...pageInput, decision: z.string().optional() }),
  run: async ({ client, show }, query) => {
    show(await client.triggers.list(query), ({ items, next_cursor }) =>
      items.length === 0
        ? 'No triggers.'
        : page([
            table(
              ['TRIGGER', 'AT', 'FROM', 'DECISION', 'RULE', 'RUNS', 'REASON'],
              items.map((row) => [
                row.trigger_id,
                formatInstant(row.at),
                row.type ?? row.sent_by,
                row.decision,
                row.rule,
                String(row.runs.length),
                row.reason,
              ]),
            ),
            moreRows(next_cursor),
          ]),
    );
  },
});
