import { z } from 'zod';
import { jsonOf, readShape } from '../../webhooks/body.ts';
import { cutText, present } from '../../webhooks/cut.ts';
import type { WebhookDefinition } from '../../webhooks/definition.ts';
import { hexSignature, hmacSha256, isSignedWith, isTimely } from '../../webhooks/signatures.ts';

const text = z.string().max(2_000).nullish();
const amount = z.int().nullish();
/** An id, or the object itself where it was expanded. */
const reference = z.union([z.string().max(255), z.looseObject({ id: z.string().max(255) })]).nullish();

/** What is told of an object: of none of them its `client_secret`, addresses or cards. */
const objectSchema = z.looseObject({
  id: text,
  object: z.string().max(100),
  status: text,
  number: text,
  description: text,
  currency: text,
  customer_email: text,
  email: text,
  name: text,
  reason: text,
  failure_code: text,
  failure_message: text,
  hosted_invoice_url: text,
  amount,
  amount_due: amount,
  amount_paid: amount,
  amount_remaining: amount,
  amount_refunded: amount,
  total: amount,
  due_date: amount,
  attempt_count: amount,
  customer: reference,
  invoice: reference,
  charge: reference,
  payment_intent: reference,
  subscription: reference,
});
type StripeObject = z.infer<typeof objectSchema>;

/** https://docs.stripe.com/api/events/object */
const eventSchema = z.looseObject({
  id: z.string().min(1).max(255),
  object: z.literal('event'),
  type: z
    .string()
    .regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/)
    .max(100),
  created: z.int().positive().max(99_999_999_999),
  livemode: z.boolean(),
  /** Absent on events of the platform itself, which nobody has connected. */
  account: z.string().max(100).optional(),
  data: z.looseObject({ object: objectSchema }),
});

/** Events of connected accounts. https://docs.stripe.com/connect/webhooks */
export const stripeWebhooks: WebhookDefinition = {
  // https://docs.stripe.com/webhooks#verify-manually: several `v1` while a secret is being changed; no other scheme counts.
  proof: {
    by: 'secret',
    isSigned: ({ body, headers }, secrets, nowMs) => {
      const parts = (headers['stripe-signature'] ?? '').split(',').map((part) => part.split('='));
      const valuesOf = (name: string) => parts.flatMap(([key, value]) => (key === name && value !== undefined ? [value] : []));
      const [at] = valuesOf('t');
      if (!isTimely(at, nowMs)) return false;
      return isSignedWith(secrets, (secret) => hmacSha256(secret, `${at}.`, body), valuesOf('v1').flatMap(hexSignature));
    },
  },
  events: (delivery) => {
    const event = readShape(eventSchema, jsonOf(delivery));
    if (!event) return [];
    return [
      {
        accounts: event.account === undefined ? [] : [event.account],
        externalId: event.id,
        type: `stripe.${event.type}`,
        occurredAt: new Date(event.created * 1_000),
        payload: { event: event.type, livemode: event.livemode, object: cut(event.data.object) },
      },
    ];
  },
};

const KEPT = Object.keys(objectSchema.shape) as (keyof typeof objectSchema.shape)[];

function cut(object: StripeObject) {
  return present(
    Object.fromEntries(
      KEPT.map((name) => {
        const value = object[name];
        if (typeof value === 'string') return [name, cutText(value, 500)];
        return [name, typeof value === 'object' && value !== null ? value.id : (value ?? undefined)];
      }),
    ),
  );
}
