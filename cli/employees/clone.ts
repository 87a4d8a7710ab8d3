import { z } from 'zod';
import { idInput, versionInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderCreated } from './render-created.ts';

export const cloneEmployee = verb({
  name: 'clone',
  summary: 'make another employee, a draft, with the content of a version and none of its rights',
  arguments: [['<employee>', 'id of the employee']],
  options: [
    { flags: '--version <n>', description: 'another version than the active one (for a draft: the newest)' },
    { flags: '--name <name>', description: 'what the new employee is called' },
  ],
  makesSomething: true,
  examples: ['clancy employees clone 4f3k9wz0h1c7m2v8x5tq6n0rda --name "Assistant for Austria"'],
  input: z.strictObject({ employee: idInput, version: versionInput.optional(), name: z.string().optional() }),
  run: async ({ client, idempotencyKey, show }, { employee, ...copy }) =>
    show(await client.employees.clone(employee, copy, idempotencyKey), renderCreated),
});
