import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderHead } from './render-employee.ts';

export const updateEmployee = verb({
  name: 'update',
  summary: 'change the name, the labels or the owner of an employee',
  arguments: [['<employee>', 'id of the employee']],
  options: [
    { flags: '--name <name>', description: 'what it is called' },
    { flags: '--label <label>', description: 'a word to find it by; those that are not given go', isRepeatable: true },
    { flags: '--no-labels', description: 'take all labels away' },
    { flags: '--owner <user>', description: 'who answers for it: id of a member of the organisation' },
  ],
  examples: [
    'clancy employees update 4f3k9wz0h1c7m2v8x5tq6n0rda --label finance --label team:billing',
    'clancy employees update 4f3k9wz0h1c7m2v8x5tq6n0rda --owner user_2x7ka',
  ],
  input: z
    .strictObject({
      employee: idInput,
      name: z.string().min(1).optional(),
      label: z.array(z.string()).optional(),
      labels: z.boolean().default(true),
      owner: z.string().min(1).optional(),
    })
    .refine(({ name, label, labels, owner }) => name !== undefined || label !== undefined || !labels || owner !== undefined, {
      path: ['name'],
      message: 'say what to change: --name, --label, --no-labels or --owner',
    })
    .refine(({ label, labels }) => label === undefined || labels, { path: ['label'], message: 'not with --no-labels' }),
  run: async ({ client, show }, { employee, name, label, labels, owner }) =>
    show(await client.employees.update(employee, { name, owner, labels: labels ? label : [] }), renderHead),
});
