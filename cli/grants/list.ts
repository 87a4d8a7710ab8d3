import { z } from 'zod';
import { idInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { renderGrants } from './render-grants.ts';

export const listGrants = verb({
  name: 'list',
  summary: 'list what an employee may use, and what was taken away',
  arguments: [['<employee>', 'id of the employee']],
  examples: ['clancy grants list 4f3k9wz0h1c7m2v8x5tq6n0rda'],
  input: z.strictObject({ employee: idInput }),
  run: async ({ client, show }, { employee }) => {
    show(await client.grants.list(employee), ({ items }) => renderGrants(items) || 'No grants: they are given at activation.');
  },
});
