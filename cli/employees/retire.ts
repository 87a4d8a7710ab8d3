import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { page } from '../output/table.ts';
import { verb } from '../verb.ts';
import { renderHead } from './render-employee.ts';

export const retireEmployee = verb({
  name: 'retire',
  summary: 'end the work of an employee for good: no new run, no schedule; runs under way go on',
  arguments: [['<employee>', 'id of the employee']],
  examples: ['clancy employees retire 4f3k9wz0h1c7m2v8x5tq6n0rda'],
  input: z.strictObject({ employee: idInput }),
  run: async ({ client, show }, { employee }) =>
    show(await client.employees.retire(employee), (answer) =>
      page([renderHead(answer), `Runs under way: clancy runs list --status running --employee ${answer.employee_id}`]),
    ),
});
