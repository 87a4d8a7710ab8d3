import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../exit-codes.ts';
import type { Io } from '../session.ts';
import { verb } from '../verb.ts';
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
    const jobDescription = await readText(io, file);
    if (jobDescription.trim() === '') throw new UsageError('The job description is empty.');
    show(await client.employees.create({ jobDescription, name }, idempotencyKey), renderCreated);
  },
});

async function readText(io: Io, file: string): Promise<string> {
  if (file === '-') return io.readStdin();
  return readFile(resolve(io.cwd, file), 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${file} cannot be read.`, { cause });
  });
}
