import { z } from 'zod';
import { idInput, moreRows, pageInput, pageOptions } from '../inputs.ts';
import { page, table } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';
import { verb } from '../verb.ts';

export const listVersions = verb({
  name: 'versions',
  summary: 'list the versions of an employee, the newest first',
  arguments: [['<employee>', 'id of the employee']],
  options: pageOptions,
  examples: ['clancy employees versions 4f3k9wz0h1c7m2v8x5tq6n0rda'],
  input: z.strictObject({ ...pageInput, employee: idInput }),
  run: async ({ client, show }, { employee, ...query }) => {
    show(await client.employees.versions(employee, query), ({ items, next_cursor }) =>
      page([
        table(
          ['VERSION', 'MADE', 'BY', 'CONTENT'],
          items.map((version) => [
            String(version.version),
            formatInstant(version.created_at),
            version.created_by,
            version.content_hash.slice(0, 19),
          ]),
        ),
        moreRows(next_cursor),
      ]),
    );
  },
});
