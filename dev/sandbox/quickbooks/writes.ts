import { z } from 'zod';
import type { Company, Entity, EntityName } from './company.ts';
import { currencyRef, find, refTo } from './company.ts';
import { QuickBooksFault, unsupported } from './faults.ts';
import { CURRENCY } from './seed.ts';

/** Days until an invoice is due whose customer has no terms. */
const DEFAULT_TERMS_DAYS = 30;
const DAY_MS = 86_400_000;

const ref = z.strictObject({ value: z.string().min(1) });
const amount = z.number().positive().max(99_999_999_999);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const email = z.strictObject({ Address: z.string().regex(/^[^@\s]+@[^@\s]+\.[^@\s]+$/) });
const common = { CurrencyRef: ref.optional(), PrivateNote: z.string().max(4_000).optional() };
/** An update: what it changes, and the version that it changes. */
const update = { Id: z.string().optional(), SyncToken: z.string().optional(), sparse: z.literal(true).optional() };

const invoiceSchema = z.strictObject({
  ...common,
  ...update,
  CustomerRef: ref,
  Line: z
    .array(
      z.strictObject({
        DetailType: z.literal('SalesItemLineDetail'),
        Amount: amount,
        Description: z.string().max(4_000).optional(),
        SalesItemLineDetail: z.strictObject({ ItemRef: ref, Qty: z.number().optional(), UnitPrice: z.number().optional() }),
      }),
    )
    .min(1),
  DueDate: day.optional(),
  TxnDate: day.optional(),
  CustomerMemo: z.strictObject({ value: z.string() }).optional(),
  BillEmail: email.optional(),
});
const customerSchema = z.strictObject({
  ...update,
  DisplayName: z
    .string()
    .min(1)
    .max(500)
    .regex(/^[^:\t\n]+$/),
  CompanyName: z.string().max(100).optional(),
  PrimaryEmailAddr: email.optional(),
  PrimaryPhone: z.strictObject({ FreeFormNumber: z.string().max(30) }).optional(),
  BillAddr: z.record(z.string().regex(/^Line[1-5]$/), z.string()).optional(),
  Notes: z.string().max(2_000).optional(),
});
const paymentSchema = z.strictObject({
  ...common,
  CustomerRef: ref,
  TotalAmt: amount,
  TxnDate: day.optional(),
  PaymentRefNum: z.string().max(21).optional(),
  Line: z
    .array(
      z.strictObject({
        Amount: amount,
        LinkedTxn: z.array(z.strictObject({ TxnId: z.string(), TxnType: z.literal('Invoice') })).length(1),
      }),
    )
    .default([]),
});
const billSchema = z.strictObject({
  ...common,
  VendorRef: ref,
  Line: z
    .array(
      z.strictObject({
        DetailType: z.literal('AccountBasedExpenseLineDetail'),
        Amount: amount,
        Description: z.string().max(4_000).optional(),
        AccountBasedExpenseLineDetail: z.strictObject({ AccountRef: ref }),
      }),
    )
    .min(1),
  TxnDate: day.optional(),
  DueDate: day.optional(),
  DocNumber: z.string().max(21).optional(),
});

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw unsupported(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

const cents = (value: number) => Math.round(value * 100);
const sum = (lines: readonly { Amount: number }[]) => lines.reduce((total, { Amount: one }) => total + cents(one), 0) / 100;

function requireCurrency(given: { value: string } | undefined): void {
  if (given !== undefined && given.value !== CURRENCY)
    throw new QuickBooksFault('6000', `A business validation error: the currency ${given.value} is not in use`);
}

function changeBalance(customer: Entity, by: number): void {
  customer['Balance'] = (cents(Number(customer['Balance'])) + cents(by)) / 100;
}

function later(from: string, days: number): string {
  return new Date(Date.parse(from) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Changes an object of a known version; another version is error 5010. */
function change(company: Company, entity: EntityName, body: { Id?: string | undefined; SyncToken?: string | undefined }): Entity {
  const found = find(company, entity, body.Id ?? '');
  if (found['SyncToken'] !== body.SyncToken)
    throw new QuickBooksFault('5010', 'Stale Object Error: You and another were working on this at the same time');
  Object.assign(found, body, { SyncToken: String(Number(found['SyncToken']) + 1) });
  return found;
}

function createInvoice(company: Company, raw: unknown): Entity {
  const body = parse(invoiceSchema, raw);
  requireCurrency(body.CurrencyRef);
  if (body.Id !== undefined) return change(company, 'Invoice', body);
  const customer = refTo(company, 'Customer', body.CustomerRef.value);
  const total = sum(body.Line);
  const lines = body.Line.map((line, index) => ({
    ...line,
    Id: String(index + 1),
    SalesItemLineDetail: { ...line.SalesItemLineDetail, ItemRef: refTo(company, 'Item', line.SalesItemLineDetail.ItemRef.value) },
  }));
  const owner = find(company, 'Customer', customer.value);
  changeBalance(owner, total);
  const number = Math.max(...[...company.entities.Invoice.values()].map((one) => Number(one['DocNumber'] ?? 0))) + 1;
  const today = body.TxnDate ?? company.today();
  return company.add('Invoice', {
    ...body,
    DocNumber: String(number),
    CustomerRef: customer,
    CurrencyRef: currencyRef,
    TxnDate: today,
    DueDate: body.DueDate ?? later(today, DEFAULT_TERMS_DAYS),
    Line: [...lines, { Amount: total, DetailType: 'SubTotalLineDetail', SubTotalLineDetail: {} }],
    TotalAmt: total,
    Balance: total,
    EmailStatus: 'NotSet',
    ...(body.BillEmail === undefined && owner['PrimaryEmailAddr'] !== undefined && { BillEmail: owner['PrimaryEmailAddr'] }),
  });
}

function createCustomer(company: Company, raw: unknown): Entity {
  const body = parse(customerSchema, raw);
  if (body.Id !== undefined) return change(company, 'Customer', body);
  const named = [...company.entities.Customer.values(), ...company.entities.Vendor.values()];
  if (named.some((one) => String(one['DisplayName']).toLowerCase() === body.DisplayName.toLowerCase()))
    throw new QuickBooksFault('6240', 'Duplicate Name Exists Error: The name supplied already exists.');
  return company.add('Customer', { ...body, Active: true, Balance: 0, CurrencyRef: currencyRef });
}

function createPayment(company: Company, raw: unknown): Entity {
  const body = parse(paymentSchema, raw);
  requireCurrency(body.CurrencyRef);
  const customer = refTo(company, 'Customer', body.CustomerRef.value);
  const applied = sum(body.Line);
  if (cents(applied) > cents(body.TotalAmt))
    throw new QuickBooksFault('6000', 'A business validation error: more is applied than paid');
  const links = body.Line.flatMap(({ Amount: part, LinkedTxn: [linked] }) => ({
    invoice: invoiceOf(company, linked?.TxnId ?? '', customer.value, part),
    part,
  }));
  for (const { invoice, part } of links) invoice['Balance'] = (cents(Number(invoice['Balance'])) - cents(part)) / 100;
  changeBalance(find(company, 'Customer', customer.value), -body.TotalAmt);
  return company.add('Payment', {
    ...body,
    TxnDate: body.TxnDate ?? company.today(),
    CustomerRef: customer,
    CurrencyRef: currencyRef,
    UnappliedAmt: (cents(body.TotalAmt) - cents(applied)) / 100,
  });
}

function invoiceOf(company: Company, id: string, customerId: string, part: number): Entity {
  const invoice = company.entities.Invoice.get(id);
  const isTheirs = invoice !== undefined && Reflect.get(Object(invoice['CustomerRef']), 'value') === customerId;
  if (!isTheirs) throw new QuickBooksFault('2500', `Invalid Reference Id: Invoice ${id} of this customer`);
  if (cents(part) > cents(Number(invoice['Balance'])))
    throw new QuickBooksFault('6000', 'A business validation error: the amount exceeds the open balance');
  return invoice;
}

function createBill(company: Company, raw: unknown): Entity {
  const body = parse(billSchema, raw);
  requireCurrency(body.CurrencyRef);
  const isTaken = [...company.entities.Bill.values()].some((one) => one['DocNumber'] === body.DocNumber);
  if (body.DocNumber !== undefined && isTaken) throw new QuickBooksFault('6140', 'Duplicate Document Number Error');
  const today = body.TxnDate ?? company.today();
  const total = sum(body.Line);
  return company.add('Bill', {
    ...body,
    VendorRef: refTo(company, 'Vendor', body.VendorRef.value),
    CurrencyRef: currencyRef,
    TxnDate: today,
    DueDate: body.DueDate ?? later(today, DEFAULT_TERMS_DAYS),
    TotalAmt: total,
    Balance: total,
    Line: body.Line.map((line) => {
      const { AccountRef: account } = line.AccountBasedExpenseLineDetail;
      return { ...line, AccountBasedExpenseLineDetail: { AccountRef: refTo(company, 'Account', account.value) } };
    }),
  });
}

/** What makes (or, with an id, changes) each entity that can be written. */
export const WRITES: { readonly [path: string]: { entity: EntityName; write: (company: Company, body: unknown) => Entity } } = {
  invoice: { entity: 'Invoice', write: createInvoice },
  customer: { entity: 'Customer', write: createCustomer },
  payment: { entity: 'Payment', write: createPayment },
  bill: { entity: 'Bill', write: createBill },
};

/** Emails an invoice: nothing is really sent, the invoice says that it was. */
export function sendInvoice(company: Company, id: string, sendTo: string | undefined): Entity {
  const invoice = find(company, 'Invoice', id);
  if (sendTo !== undefined) invoice['BillEmail'] = { Address: sendTo };
  if (invoice['BillEmail'] === undefined) throw new QuickBooksFault('6000', 'A business validation error: no email address');
  invoice['EmailStatus'] = 'EmailSent';
  invoice['DeliveryInfo'] = { DeliveryType: 'Email', DeliveryTime: company.time() };
  return invoice;
}
