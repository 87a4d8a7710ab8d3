import { z } from 'zod';

/** What the activation of a version made of the times that its job description states. */
export const adoptedSchedule = z.strictObject({
  schedule_id: z.uuid(),
  cron: z.string(),
  timezone: z.string(),
  timezone_from: z.enum(['job_description', 'request', 'default', 'schedule']),
  sentence: z.string(),
  status: z.string(),
  links: z.strictObject({ self: z.string() }),
});
export type AdoptedSchedule = z.infer<typeof adoptedSchedule>;
