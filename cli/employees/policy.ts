import { z } from 'zod';
import { idInput, versionInput } from '../inputs.ts';
import { page } from '../output/table.ts';
import { verb } from '../verb.ts';
import { newestVersion } from './newest-version.ts';
import { renderPolicy } from './render-policy.ts';

export const showPolicy = verb({
  name: 'policy',
  summary: 'show the rules that decide about each call; with --json as a file to edit and give to `revise --policy`',
  arguments: [['<employee>', 'id of the employee']],
  options: [{ flags: '--version <n>', description: 'another version than the active one (for a draft: the newest)' }],
  examples: [
    'clancy employees policy 4f3k9wz0h1c7m2v8x5tq6n0rda',
    'clancy employees policy 4f3k9wz0h1c7m2v8x5tq6n0rda --json > policy.json',
  ],
  input: z.strictObject({ employee: idInput, version: versionInput.optional() }),
  run: async ({ client, show }, { employee, version }) => {
    const { active_version: active } = await client.employees.get(employee);
    const number = version ?? active ?? (await newestVersion(client, employee));
    const { definition } = await client.employees.version(employee, number);
    show({ base_version: number, policy: definition.policy }, ({ policy }) =>
      page([`Version ${number}`, renderPolicy(policy), `Next: clancy employees policy ${employee} --version ${number} --json`]),
    );
  },
});
