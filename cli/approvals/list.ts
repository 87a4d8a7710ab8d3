import { z } from 'zod';
import { idInput, moreRows, pageInput, pageOptions } from '../inputs.ts';
import { shorten } from '../output/plain-text.ts';
import { page, table } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';
import { verb } from '../verb.ts';

export const listApprovals = verb({
  name: 'list',
  summary: 'list approvals, the newest first; those that wait unless --status says otherwise',
  options: [
    { flags: '--status <status>', description: 'pending, approved, rejected, expired, cancelled or all' },
    { flags: '--run <id>', description: 'only those of one run' },
    { flags: '--employee <id>', description: 'only those of one employee' },
    ...pageOptions,
  ],
  examples: ['clancy approvals list', 'clancy approvals list --status all --json'],
  input: z.strictObject({
    ...pageInput,
    status: z.string().default('pending'),
    run: idInput.optional(),
    employee: idInput.optional(),
  }),
  run: async ({ client, show }, { status, run, employee, ...query }) => {
    const wanted = status === 'all' ? undefined : status;
    show(
      await client.approvals.list({ ...query, status: wanted, run_id: run, employee_id: employee }),
      ({ items, next_cursor }) =>
        items.length === 0
          ? 'Nothing waits for an answer.'
          : page([
              table(
                ['APPROVAL', 'STATUS', 'ASKS FOR', 'QUESTION', 'EXPIRES'],
                items.map((approval) => [
                  approval.approval_id,
                  approval.status,
                  approval.call?.capability ?? 'an answer',
                  shorten(approval.question, 60),
                  formatInstant(approval.expires_at),
                ]),
              ),
              moreRows(next_cursor),
            ]),
    );
  },
});
