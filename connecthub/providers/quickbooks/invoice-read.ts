import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { CollectCapability, ProviderReader } from '../definition.ts';
import { optional, readBody, text } from '../parameters.ts';
import { dueConditions } from './due.ts';
import { COMMON } from './facts.ts';
import { INVOICE, INVOICE_WITH_LINES, toInvoice, toInvoiceWithLines } from './invoice-view.ts';
import { runLimited, type Condition } from './query.ts';
import { customersOf, referring } from './resolve.ts';
import { DATE_PARAMETER, described, ID_PARAMETER, limitParameter, listSchema, objectSchema, whoParameter } from './schemas.ts';
import { invoiceSchema } from './wire.ts';

const DEFAULT_LIMIT = 100;
const INVOICE_STATUS: JsonObject = {
  type: 'string',
  enum: ['open', 'overdue', 'paid', 'all'],
  default: 'all',
  description: 'open: not paid in full, late ones included; overdue: not paid and past due.',
};

export const invoiceList: CollectCapability = {
  ...COMMON,
  capability: 'invoice.list',
  title: 'List invoices',
  description: 'Lists or searches customer invoices, the longest due first.',
  permission: 'invoice.read',
  risk: 'read',
  summaryParameter: 'status',
  inputSchema: objectSchema(
    {
      status: INVOICE_STATUS,
      customer: whoParameter('Customer'),
      number: { type: 'string', minLength: 1, maxLength: 21, description: "An invoice's number, as on the paper." },
      min_balance: { type: 'number', minimum: 0, description: 'Only where at least so much is still to be paid.' },
      min_days_overdue: { type: 'integer', minimum: 1, maximum: 10_000, description: 'Only what is at least so many days late.' },
      due_before: described(DATE_PARAMETER, 'Only what is due before this day.'),
      limit: limitParameter(200, DEFAULT_LIMIT),
    },
    [],
  ),
  outputSchema: listSchema('invoices', INVOICE),
  collect: async (parameters, reader) => {
    const where = await conditionsOf(parameters, reader);
    const limit = Number(optional(parameters, 'limit') ?? DEFAULT_LIMIT);
    const found = await runLimited(reader, { entity: 'Invoice', where, orderBy: 'DueDate' }, limit, invoiceSchema);
    const withoutEmail = found.list.filter(({ BillEmail }) => BillEmail?.Address === undefined);
    const customers = await customersOf(
      withoutEmail.map(({ CustomerRef }) => CustomerRef.value),
      reader,
    );
    const invoices = found.list.map((one) => toInvoice(one, found.today, customers.get(one.CustomerRef.value)));
    return { invoices, truncated: found.truncated };
  },
};

async function conditionsOf(parameters: JsonObject, reader: ProviderReader): Promise<Condition[]> {
  const [number, minBalance] = [text(parameters, 'number'), optional(parameters, 'min_balance')];
  return [
    ...(await referring('CustomerRef', 'Customer', text(parameters, 'customer'), reader)),
    ...(number === '' ? [] : [{ property: 'DocNumber', operator: '=' as const, value: number }]),
    ...(minBalance === undefined ? [] : [{ property: 'Balance', operator: '>=' as const, value: String(minBalance) }]),
    ...(await dueConditions(parameters, reader)),
  ];
}

const oneInvoiceSchema = z.looseObject({ Invoice: invoiceSchema, time: z.iso.datetime({ offset: true }) });

/** An invoice by id, and the day that QuickBooks answered on. */
export async function readInvoice(id: string, reader: ProviderReader) {
  const { Invoice: invoice, time } = readBody(oneInvoiceSchema, await reader.read(`invoice/${id}`, {}));
  return { invoice, today: new Date(time).toISOString().slice(0, 10) };
}

export const invoiceGet: CollectCapability = {
  ...COMMON,
  capability: 'invoice.get',
  title: 'Read an invoice',
  description: 'Reads one invoice with its lines.',
  permission: 'invoice.read',
  risk: 'read',
  summaryParameter: 'id',
  inputSchema: objectSchema({ id: described(ID_PARAMETER, "The invoice's id, not its number.") }, ['id']),
  outputSchema: INVOICE_WITH_LINES,
  collect: async (parameters, reader) => {
    const { invoice, today } = await readInvoice(text(parameters, 'id'), reader);
    const customers = await customersOf(invoice.BillEmail?.Address === undefined ? [invoice.CustomerRef.value] : [], reader);
    return toInvoiceWithLines(invoice, today, customers.get(invoice.CustomerRef.value));
  },
};
