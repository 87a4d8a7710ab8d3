import { z } from 'zod';
import { moreRows, pageInput, pageOptions } from '../inputs.ts';
import { page, table } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';
import { verb } from '../verb.ts';

export const listRuns = verb({
  name: 'list',
  summary: 'list the runs of your organisation, the newest first',
  options: [
    { flags: '--employee <id>', description: 'only those of one employee' },
    { flags: '--status <status>', description: 'requested, running, paused, completed, failed or interrupted' },
    { flags: '--mode <mode>', description: 'live (if nothing is said), rehearsal or all' },
    ...pageOptions,
  ],
  examples: ['clancy runs list', 'clancy runs list --status running --employee 4f3k9wz0h1c7m2v8x5tq6n0rda'],
  input: z.strictObject({
    ...pageInput,
    employee: z.string().optional(),
    status: z.string().optional(),
    mode: z.string().optional(),
  }),
  run: async ({ client, show }, { employee, ...query }) => {
    show(await client.runs.list({ ...query, employee_id: employee }), ({ items, next_cursor }) =>
      items.length === 0
        ? 'No runs.'
        : page([
            table(
              ['RUN', 'STATUS', 'WAITS ON', 'REQUESTED', 'ENDED'],
              items.map((run) => [
                run.run_id,
                run.error_code === null || run.error_code === undefined ? run.status : `${run.status} (${run.error_code})`,
                run.waiting_on.join(', ') || '-',
                formatInstant(run.requested_at),
                formatInstant(run.finished_at),
              ]),
            ),
            moreRows(next_cursor),
          ]),
    );
  },
});
