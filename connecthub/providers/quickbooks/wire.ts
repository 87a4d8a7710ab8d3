import { z } from 'zod';

/** Shapes of Intuit's objects, as far as we look at them. Members without a value are left out of answers. */

const refSchema = z.looseObject({ value: z.string(), name: z.string().optional() });
const emailSchema = z.looseObject({ Address: z.string().optional() });
const linkedSchema = z.array(z.looseObject({ TxnId: z.string(), TxnType: z.string() }));

const transaction = {
  Id: z.string(),
  TxnDate: z.string().optional(),
  DocNumber: z.string().optional(),
  PrivateNote: z.string().optional(),
  CurrencyRef: refSchema.optional(),
  TotalAmt: z.number(),
};

export const invoiceSchema = z.looseObject({
  ...transaction,
  CustomerRef: refSchema,
  DueDate: z.string().optional(),
  Balance: z.number(),
  BillEmail: emailSchema.optional(),
  EmailStatus: z.string().optional(),
  DeliveryInfo: z.looseObject({ DeliveryTime: z.string().optional() }).optional(),
  CustomerMemo: z.looseObject({ value: z.string() }).optional(),
  Line: z
    .array(
      z.looseObject({
        Amount: z.number().optional(),
        Description: z.string().optional(),
        DetailType: z.string().optional(),
        SalesItemLineDetail: z.looseObject({ ItemRef: refSchema.optional(), Qty: z.number().optional() }).optional(),
      }),
    )
    .default([]),
});
export type Invoice = z.infer<typeof invoiceSchema>;

export const customerSchema = z.looseObject({
  Id: z.string(),
  DisplayName: z.string(),
  CompanyName: z.string().optional(),
  PrimaryEmailAddr: emailSchema.optional(),
  PrimaryPhone: z.looseObject({ FreeFormNumber: z.string().optional() }).optional(),
  Balance: z.number().optional(),
  CurrencyRef: refSchema.optional(),
  Notes: z.string().optional(),
});
export type Customer = z.infer<typeof customerSchema>;

export const paymentSchema = z.looseObject({
  ...transaction,
  CustomerRef: refSchema,
  UnappliedAmt: z.number().optional(),
  PaymentRefNum: z.string().optional(),
  Line: z.array(z.looseObject({ LinkedTxn: linkedSchema.optional() })).default([]),
});
export type Payment = z.infer<typeof paymentSchema>;

export const billSchema = z.looseObject({
  ...transaction,
  VendorRef: refSchema,
  DueDate: z.string().optional(),
  Balance: z.number(),
});
export type Bill = z.infer<typeof billSchema>;

/** Vendors, items and accounts, of which only the id is of use. */
export const namedSchema = z.looseObject({ Id: z.string() });

/** Members that have a value. */
export function present<T>(members: { [name: string]: T | undefined }): { [name: string]: T } {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, T] => member[1] !== undefined && member[1] !== ''),
  );
}
