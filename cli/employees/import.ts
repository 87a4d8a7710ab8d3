import { z } from 'zod';
import { verb } from '../verb.ts';
import { readText } from './read-text.ts';
import { renderCreated } from './render-created.ts';

export const importEmployee = verb({
  name: 'import',
  summary: 'make a draft, or the next version of an employee, out of an exported file',
  options: [
    { flags: '--file <file>', description: 'what `clancy employees export` printed; - reads standard input' },
    { flags: '--employee <id>', description: 'make its next version instead of a new employee' },
  ],
  makesSomething: true,
  examples: [
    'clancy employees import --file assistant.yaml',
    'clancy employees import --file assistant.yaml --employee 4f3k9wz0h1c7m2v8x5tq6n0rda',
  ],
  input: z.strictObject({ file: z.string('the file is missing').min(1, 'a file name, or -'), employee: z.string().optional() }),
  run: async ({ client, io, idempotencyKey, show }, { file, employee }) => {
    show(await client.employees.import(await readText(io, file), employee, idempotencyKey), renderCreated);
  },
});
