import { z } from 'zod';
import { idInput, versionInput } from '../inputs.ts';
import { verb } from '../verb.ts';
import { newestVersion } from './newest-version.ts';

export const exportEmployee = verb({
  name: 'export',
  summary: 'print a version of an employee as a YAML file, for review and for import elsewhere',
  arguments: [['<employee>', 'id of the employee']],
  options: [{ flags: '--version <n>', description: 'another version than the active one (for a draft: the newest)' }],
  examples: ['clancy employees export 4f3k9wz0h1c7m2v8x5tq6n0rda > assistant.yaml'],
  input: z.strictObject({ employee: idInput, version: versionInput.optional() }),
  run: async ({ client, io, isJson, show }, { employee, version }) => {
    const { active_version: active } = await client.employees.get(employee);
    const yaml = await client.employees.export(employee, version ?? active ?? (await newestVersion(client, employee)));
    // To the letter: it is a file, and its own signs are escaped in it.
    if (isJson) show({ yaml }, () => yaml);
    else io.stdout(yaml);
  },
});
