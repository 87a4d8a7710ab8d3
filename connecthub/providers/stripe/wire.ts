import { z } from 'zod';

/** Shapes of Stripe's objects, as far as we look at them. https://docs.stripe.com/api; a member without a value is null. */

/** A reference is an id, or the object itself where the account's settings expand it. */
export const refSchema = z
  .union([z.string(), z.looseObject({ id: z.string() })])
  .nullish()
  .transform((ref) => (typeof ref === 'object' && ref !== null ? ref.id : ref) ?? undefined);

export const customerSchema = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  description: z.string().nullish(),
  currency: z.string().nullish(),
  balance: z.number().optional(),
  delinquent: z.boolean().nullish(),
  created: z.number(),
});
export type Customer = z.infer<typeof customerSchema>;

export const lineSchema = z.looseObject({
  id: z.string(),
  amount: z.number(),
  currency: z.string(),
  description: z.string().nullish(),
});

export const invoiceSchema = z.looseObject({
  id: z.string(),
  number: z.string().nullish(),
  status: z.string().nullish(),
  currency: z.string(),
  total: z.number(),
  amount_remaining: z.number(),
  customer: refSchema,
  customer_name: z.string().nullish(),
  customer_email: z.string().nullish(),
  collection_method: z.string(),
  due_date: z.number().nullish(),
  created: z.number(),
  description: z.string().nullish(),
  hosted_invoice_url: z.string().nullish(),
  lines: z.looseObject({ data: z.array(lineSchema), has_more: z.boolean() }),
});
export type Invoice = z.infer<typeof invoiceSchema>;

export const chargeSchema = z.looseObject({
  id: z.string(),
  amount: z.number(),
  amount_refunded: z.number(),
  currency: z.string(),
  status: z.string(),
  disputed: z.boolean(),
  customer: refSchema,
  billing_details: z.looseObject({ email: z.string().nullish(), name: z.string().nullish() }).nullish(),
  description: z.string().nullish(),
  failure_code: z.string().nullish(),
  created: z.number(),
});
export type Charge = z.infer<typeof chargeSchema>;

export const refundSchema = z.looseObject({
  id: z.string(),
  amount: z.number(),
  currency: z.string(),
  status: z.string().nullish(),
  charge: refSchema,
});

export const paymentLinkSchema = z.looseObject({ id: z.string(), url: z.string(), active: z.boolean() });

/** An instant of Stripe's (seconds) as people read it. */
export function instant(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

/** Members that have a value. */
export function present<T>(members: { [name: string]: T | null | undefined }): { [name: string]: T } {
  return Object.fromEntries(
    Object.entries(members).filter(
      (member): member is [string, T] => member[1] !== undefined && member[1] !== null && member[1] !== '',
    ),
  );
}
