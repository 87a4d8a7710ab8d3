import { z } from 'zod';
import { moreRows, pageInput, pageOptions } from '../inputs.ts';
import { page, table } from '../output/table.ts';
import { shorten } from '../output/plain-text.ts';
import { formatInstant } from '../output/time.ts';
import { verb } from '../verb.ts';

export const listEmployees = verb({
  name: 'list',
  summary: 'list the employees of your organisation, the newest first',
  options: [
    { flags: '--status <status>', description: 'draft, active or retired' },
    { flags: '--label <label>', description: 'only those with this label' },
    ...pageOptions,
  ],
  examples: ['clancy employees list', 'clancy employees list --status active --json'],
  input: z.strictObject({ ...pageInput, status: z.string().optional(), label: z.string().optional() }),
  run: async ({ client, show }, query) => {
    show(await client.employees.list(query), ({ items, next_cursor }) =>
      items.length === 0
        ? 'No employees. Hire one: clancy employees create --file <file>'
        : page([
            table(
              ['EMPLOYEE', 'NAME', 'STATUS', 'VERSION', 'CHANGED'],
              items.map((employee) => [
                employee.employee_id,
                shorten(employee.name, 40),
                employee.status,
                String(employee.active_version ?? '-'),
                formatInstant(employee.updated_at),
              ]),
            ),
            moreRows(next_cursor),
          ]),
    );
  },
});
