import { z } from 'zod';
import { eventFilterSchema } from '../../contracts/trigger.ts';
import type { SubscriptionRow } from './adopt-subscriptions.ts';

export const subscriptionView = z.strictObject({
  subscription_id: z.uuid(),
  employee_id: z.string(),
  /** In whose name its runs happen. */
  owner_user_id: z.string(),
  type: z.string(),
  connection_id: z.string().nullable(),
  filter: eventFilterSchema,
  entry_skills: z.array(z.string()),
  /** What the job description says. */
  sentence: z.string(),
  /** `needs_owner`: its owner may start no runs any more; whoever activates the employee again becomes the owner. */
  status: z.enum(['active', 'needs_owner', 'ended']),
  status_note: z.string().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export function toSubscriptionView(row: SubscriptionRow): z.infer<typeof subscriptionView> {
  return {
    subscription_id: row.subscriptionId,
    employee_id: row.employeeId,
    owner_user_id: row.ownerUserId,
    type: row.type,
    connection_id: row.connectionId,
    filter: row.filter,
    entry_skills: row.entrySkills,
    sentence: row.sentence,
    status: row.status,
    status_note: row.statusNote,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
