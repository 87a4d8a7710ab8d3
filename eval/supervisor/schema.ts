import { z } from 'zod';
import { jsonObjectSchema } from '../../contracts/json.ts';
import { triggerTypeSchema } from '../../contracts/trigger.ts';

const messageSchema = z.strictObject({
  /** What somebody wrote. */
  text: z.string().min(1).optional(),
  /** An event of a provider, as its webhook brings it; absent: a person asks. */
  type: triggerTypeSchema.optional(),
  payload: jsonObjectSchema.default({}),
  /** Names of those who are to take it up; nobody where it is empty. */
  expect: z.array(z.string()),
});
export type Message = z.infer<typeof messageSchema>;

export const supervisorSetSchema = z
  .strictObject({
    about: z.string(),
    catalogue: z.record(z.string(), z.record(z.string(), z.string())),
    cases: z
      .array(
        z.strictObject({
          id: z.string(),
          /** Each is built from its description and put to work. */
          employees: z.array(z.strictObject({ name: z.string(), text: z.string() })).min(1),
          triggers: z.array(messageSchema).min(1),
        }),
      )
      .min(1),
  })
  .superRefine(({ cases }, context) => {
    for (const { id, employees, triggers } of cases) {
      const names = new Set(employees.map(({ name }) => name));
      for (const unknown of triggers.flatMap(({ expect }) => expect.filter((name) => !names.has(name)))) {
        context.addIssue({ code: 'custom', message: `${id} expects ${unknown}, who is not in the team` });
      }
    }
  });
export type SupervisorSet = z.infer<typeof supervisorSetSchema>;
export type Team = SupervisorSet['cases'][number];
