import { z } from 'zod';
import { idInput, pairsInput, versionInput } from '../inputs.ts';
import { page, section } from '../output/table.ts';
import { verb } from '../verb.ts';
import { renderHead } from './render-employee.ts';
import { renderGrants } from '../grants/render-grants.ts';

export const activateEmployee = verb({
  name: 'activate',
  summary: 'put a version of an employee to work, granting it what its skills use (an older version is a rollback)',
  arguments: [['<employee>', 'id of the employee']],
  options: [
    { flags: '--version <n>', description: 'another version than the newest' },
    {
      flags: '--connection <provider=id>',
      description: 'which connection to use where a provider has several',
      isRepeatable: true,
    },
  ],
  examples: [
    'clancy employees show 4f3k9wz0h1c7m2v8x5tq6n0rda   (read policy and capabilities first)',
    'clancy employees activate 4f3k9wz0h1c7m2v8x5tq6n0rda',
    'clancy employees activate 4f3k9wz0h1c7m2v8x5tq6n0rda --connection slack=conn_7xk2m9',
  ],
  input: z.strictObject({ employee: idInput, version: versionInput.optional(), connection: pairsInput.optional() }),
  run: async ({ client, show }, { employee, version, connection }) => {
    const activated = await client.employees.activate(employee, { version, connections: connection });
    const { items: grants } = await client.grants.list(employee);
    show({ ...activated, grants }, (answer) =>
      page([
        renderHead(answer),
        ...section('Granted', renderGrants(answer.grants)),
        `Next: clancy runs start ${answer.employee_id} --watch`,
      ]),
    );
  },
});
