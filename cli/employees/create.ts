import { z } from 'zod';
import { verb } from '../verb.ts';
import { readJobDescription } from './read-text.ts';
import { renderCreated } from './render-created.ts';

export const createEmployee = verb({
  name: 'create',
  summary: 'make a draft of an employee out of a job description, and say what was made of each sentence',
  options: [
    { flags: '--file <file>', description: 'the job description, as text or Markdown; - reads standard input' },
    { flags: '--name <name>', description: 'what the employee is called' },
  ],
  makesSomething: true,
  examples: [
    'clancy employees create --file job.md',
    "echo 'React with :eyes: to messages in #support.' | clancy employees create --file - --name Watcher",
  ],
  input: z.strictObject({
    file: z.string('the job description is missing').min(1, 'a file name, or -'),
    name: z.string().optional(),
  }),
  run: async ({ client, io, idempotencyKey, show }, { file, name }) => {
    const jobDescription = await readJobDescription(io, file);
    show(await client.employees.create({ jobDescription, name }, idempotencyKey), renderCreated);
  },
});
