import { z } from 'zod';
import type { DiffAnswer } from '../client/answers/employees.ts';
import { idInput, versionInput } from '../inputs.ts';
import { oneLine } from '../output/plain-text.ts';
import { page } from '../output/table.ts';
import { verb } from '../verb.ts';
import { newestVersion } from './newest-version.ts';

export const diffVersions = verb({
  name: 'diff',
  summary: 'say what changes with a version of an employee: its duties, rules and starts',
  arguments: [['<employee>', 'id of the employee']],
  options: [
    { flags: '--version <n>', description: 'another version than the newest' },
    { flags: '--against <n>', description: 'another version to come from than the active one' },
  ],
  examples: [
    'clancy employees diff 4f3k9wz0h1c7m2v8x5tq6n0rda',
    'clancy employees diff 4f3k9wz0h1c7m2v8x5tq6n0rda --version 3 --against 2',
  ],
  input: z.strictObject({ employee: idInput, version: versionInput.optional(), against: versionInput.optional() }),
  run: async ({ client, show }, { employee, version, against }) => {
    const number = version ?? (await newestVersion(client, employee));
    show(await client.employees.diff(employee, number, against), renderDiff);
  },
});

function renderDiff({ version, against, summary, sentences }: DiffAnswer): string {
  return page([
    `Version ${version} against ${against}: ${oneLine(summary)}`,
    sentences.map((one) => `- ${oneLine(one)}`).join('\n'),
  ]);
}
