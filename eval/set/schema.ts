import { z } from 'zod';

const cronSchema = z.string().regex(/^\S+( \S+){4}$/, 'a cron expression of five fields');

const triggerLabelSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('direct_command') }),
  z.strictObject({
    type: z.literal('schedule'),
    cron: cronSchema,
    /** Null: the text names none, nothing is compared. */
    timezone: z.string().nullable(),
    /** Other expressions that are as right. */
    accept: z.array(cronSchema).default([]),
    /** False: the text names no clock time, only days are compared. */
    time_given: z.boolean().default(true),
  }),
  z.strictObject({ type: z.literal('external_event'), source: z.string(), about: z.string() }),
]);
export type TriggerLabel = z.infer<typeof triggerLabelSchema>;
export type ScheduleLabel = Extract<TriggerLabel, { type: 'schedule' }>;
export type EventLabel = Extract<TriggerLabel, { type: 'external_event' }>;

const policyLabelSchema = z.strictObject({
  capability: z.string(),
  effect: z.enum(['require_approval', 'deny']),
  /** When the effect is wanted, in plain words; null = always. */
  when: z.string().nullable(),
});
export type PolicyLabel = z.infer<typeof policyLabelSchema>;

/** By provider: short capability names with what they do. */
const setCatalogueSchema = z.record(z.string(), z.record(z.string(), z.string()));

export const entrySchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  text: z.string(),
  expect: z.strictObject({
    /** Requirements; one capability of each list is enough. */
    capabilities: z.array(z.array(z.string()).min(1)),
    forbidden: z.array(z.string()),
    providers: z.array(z.string()),
    triggers: z.array(triggerLabelSchema),
    policy: z.array(policyLabelSchema),
    /** Passages of the text that are to be reported. */
    not_understood: z.array(z.string()),
    min_skills: z.int().min(0),
    max_skills: z.int().min(0),
  }),
  /** In place of the set's. */
  catalogue: setCatalogueSchema.optional(),
  note: z.string().optional(),
});
export type Entry = z.infer<typeof entrySchema>;
export type Expected = Entry['expect'];

export const setSchema = z
  .strictObject({
    about: z.string(),
    /** Its texts are not shown, and only figures are printed, unless the file is named: nobody tunes on it. */
    held_out: z.boolean().default(false),
    catalogue: setCatalogueSchema,
    entries: z.array(entrySchema).min(1),
  })
  .superRefine(({ entries }, context) => {
    const seen = new Set<string>();
    for (const { id, text, expect } of entries) {
      if (seen.has(id)) context.addIssue({ code: 'custom', message: `two entries have the id ${id}` });
      seen.add(id);
      for (const passage of expect.not_understood) {
        if (!text.includes(passage))
          context.addIssue({ code: 'custom', message: `${id}: "${passage}" does not stand in the text` });
      }
    }
  });
export type DescriptionSet = z.infer<typeof setSchema>;
