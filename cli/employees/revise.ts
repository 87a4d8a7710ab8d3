import { z } from 'zod';
import { jsonSchema } from '../../contracts/json.ts';
import type { Revision } from '../client/employees.ts';
import { UsageError } from '../exit-codes.ts';
import { idInput, jsonInput } from '../inputs.ts';
import type { Io } from '../session.ts';
import { verb } from '../verb.ts';
import { readJobDescription, readText } from './read-text.ts';
import { renderRevised } from './render-revised.ts';

export const reviseEmployee = verb({
  name: 'revise',
  summary: 'make the next version of an employee, out of a job description or with another policy; it waits for activation',
  arguments: [['<employee>', 'id of the employee']],
  options: [
    { flags: '--file <file>', description: 'the new job description, as text or Markdown; - reads standard input' },
    {
      flags: '--policy <file>',
      description: 'the new rules, as `clancy employees policy --json` prints them; - reads standard input',
    },
  ],
  makesSomething: true,
  examples: [
    'clancy employees revise 4f3k9wz0h1c7m2v8x5tq6n0rda --file job.md',
    'clancy employees policy 4f3k9wz0h1c7m2v8x5tq6n0rda --json > policy.json   (then edit it)',
    'clancy employees revise 4f3k9wz0h1c7m2v8x5tq6n0rda --policy policy.json',
  ],
  input: z
    .strictObject({ employee: idInput, file: z.string().min(1).optional(), policy: z.string().min(1).optional() })
    .refine(({ file, policy }) => (file === undefined) !== (policy === undefined), {
      path: ['file'],
      message: 'give --file or --policy, one of the two',
    }),
  run: async ({ client, io, idempotencyKey, show }, { employee, file, policy }) => {
    const revision =
      policy === undefined ? { jobDescription: await readJobDescription(io, file ?? '-') } : await readPolicy(io, policy);
    show(await client.employees.revise(employee, revision, idempotencyKey), renderRevised);
  },
});

const rules = z.array(jsonSchema);
/** What the policy verb prints, or its rules alone. What a rule may say, the service knows. */
const policyFile = jsonInput(
  z.union([
    rules.transform((policy) => ({ policy })),
    z
      .strictObject({ base_version: z.int().min(1).optional(), policy: rules })
      .transform(({ base_version: baseVersion, policy }) => ({ policy, baseVersion })),
  ]),
);

async function readPolicy(io: Io, file: string): Promise<Revision> {
  const parsed = policyFile.safeParse(await readText(io, file));
  if (parsed.success) return parsed.data;
  throw new UsageError(`${file} holds no policy: a list of rules, or { "base_version": 1, "policy": [...] }, as JSON.`);
}
