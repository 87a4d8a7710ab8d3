import { z } from 'zod';
import type { Send } from '../control/send.ts';

/** An effect in Stripe. */
export const stripeEffectSchema = z.looseObject({
  sequence: z.number(),
  provider: z.literal('stripe'),
  team: z.string(),
  method: z.string(),
  request_id: z.string(),
  at: z.string(),
  /** The idempotency key that the application gave; empty without one. */
  native_key: z.string().default(''),
  id: z.string().nullable().default(null),
  /** The object as it was then. */
  object: z.record(z.string(), z.unknown()).nullable().default(null),
});
export type StripeEffect = z.infer<typeof stripeEffectSchema>;

/** What a test may ask of an account. */
export interface StripeControls {
  /** What was made, changed and mailed, oldest first. */
  effects(account: string): Promise<StripeEffect[]>;
}

export function createStripeControls(send: Send): StripeControls {
  return {
    effects: async (account) => {
      const query = new URLSearchParams({ team: account }).toString();
      return (await send('GET', `/effects?${query}`, z.object({ effects: z.array(stripeEffectSchema) }))).effects;
    },
  };
}
