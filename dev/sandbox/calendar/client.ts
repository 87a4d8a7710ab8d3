import { z } from 'zod';
import type { Send } from '../control/send.ts';

/** An effect in a calendar. */
export const calendarEffectSchema = z.object({
  sequence: z.number(),
  provider: z.literal('calendar'),
  team: z.string(),
  method: z.enum(['events.insert', 'events.patch', 'events.delete']),
  request_id: z.string(),
  at: z.string(),
  id: z.string(),
  /** Whom Google mailed: `all` or `none`. */
  send_updates: z.string(),
  /** The event as it was then; null when it was deleted. */
  object: z.record(z.string(), z.unknown()).nullable(),
});
export type CalendarEffect = z.infer<typeof calendarEffectSchema>;

export interface CalendarControls {
  /** What was made, changed and deleted, oldest first. */
  effects(address: string): Promise<CalendarEffect[]>;
}

export function createCalendarControls(send: Send): CalendarControls {
  return {
    effects: async (address) => {
      const query = new URLSearchParams({ team: address }).toString();
      return (await send('GET', `/effects?${query}`, z.object({ effects: z.array(calendarEffectSchema) }))).effects;
    },
  };
}
