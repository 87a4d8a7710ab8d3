import { z } from 'zod';
import type { Send } from '../control/send.ts';

/** An effect in QuickBooks. */
export const quickBooksEffectSchema = z.object({
  sequence: z.number(),
  provider: z.literal('quickbooks'),
  team: z.string(),
  method: z.enum(['invoice.create', 'invoice.send', 'customer.create', 'payment.create', 'bill.create', 'oauth.revoke']),
  request_id: z.string(),
  at: z.string(),
  /** The `requestid` that the application gave; empty without one. */
  native_key: z.string().default(''),
  id: z.string().nullable().default(null),
  /** The object as it was then. */
  object: z.record(z.string(), z.unknown()).nullable().default(null),
});
export type QuickBooksEffect = z.infer<typeof quickBooksEffectSchema>;

/** What a test may do to a company. */
export interface QuickBooksControls {
  /** What was made, changed and mailed, oldest first. */
  effects(realm: string): Promise<QuickBooksEffect[]>;
  /** How many requests a second the company allows; Intuit's own limit is 10. */
  allowPerSecond(realm: string, requests: number): Promise<void>;
}

export function createQuickBooksControls(send: Send): QuickBooksControls {
  return {
    effects: async (realm) => {
      const query = new URLSearchParams({ team: realm }).toString();
      return (await send('GET', `/effects?${query}`, z.object({ effects: z.array(quickBooksEffectSchema) }))).effects;
    },
    allowPerSecond: async (realm, requests) =>
      void (await send('PATCH', `/quickbooks/companies/${realm}/settings`, z.unknown(), { requests_per_second: requests })),
  };
}
