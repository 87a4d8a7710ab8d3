import { z } from 'zod';
import type { ClancyClient } from '../client/clancy-client.ts';
import { idInput, versionInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { newestVersion } from './newest-version.ts';
import { renderEmployee } from './render-employee.ts';

export const showEmployee = verb({
  name: 'show',
  summary: 'show an employee: its graph, what led to it, its policy and its grants',
  arguments: [['<employee>', 'id of the employee']],
  options: [{ flags: '--version <n>', description: 'another version than the active one (for a draft: the newest)' }],
  examples: [
    'clancy employees show 4f3k9wz0h1c7m2v8x5tq6n0rda',
    'clancy employees show 4f3k9wz0h1c7m2v8x5tq6n0rda --version 1 --json',
  ],
  input: z.strictObject({ employee: idInput, version: versionInput.optional() }),
  run: async ({ client, show }, { employee, version }) => show(await readEmployee(client, employee, version), renderEmployee),
});

async function readEmployee(client: ClancyClient, employeeId: string, wanted: number | undefined) {
  const [employee, grants] = await Promise.all([client.employees.get(employeeId), client.grants.list(employeeId)]);
  const number = wanted ?? employee.active_version ?? (await newestVersion(client, employeeId));
  return { ...employee, shown_version: await client.employees.version(employeeId, number), grants: grants.items };
}
