import { z } from 'zod';
import { moreRows, pageInput, pageOptions } from '../inputs.ts';
import { page, table } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';
import { verb } from '../verb.ts';
import { renderSource, renderTimes } from './render-schedule.ts';

export const listSchedules = verb({
  name: 'list',
  summary: 'list the schedules of your organisation, the newest first',
  options: [
    { flags: '--employee <id>', description: 'only those of one employee' },
    { flags: '--status <status>', description: 'active, paused, needs_owner or retired' },
    ...pageOptions,
  ],
  examples: ['clancy schedules list', 'clancy schedules list --status needs_owner'],
  input: z.strictObject({ ...pageInput, employee: z.string().optional(), status: z.string().optional() }),
  run: async ({ client, show }, { employee, ...query }) => {
    show(await client.schedules.list({ ...query, employee_id: employee }), ({ items, next_cursor }) =>
      items.length === 0
        ? 'No schedules.'
        : page([
            table(
              ['SCHEDULE', 'STATUS', 'TIMES', 'ZONE', 'NEXT', 'EMPLOYEE', 'SOURCE'],
              items.map((row) => [
                row.schedule_id,
                row.status,
                renderTimes(row.times),
                row.timezone,
                formatInstant(row.next_time),
                row.employee_id,
                renderSource(row),
              ]),
            ),
            moreRows(next_cursor),
          ]),
    );
  },
});
