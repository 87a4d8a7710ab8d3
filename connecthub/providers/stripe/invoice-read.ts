import type { CollectCapability, ProviderReader } from '../definition.ts';
import { readBody, text } from '../parameters.ts';
import { resolveCustomer } from './customer.ts';
import { COMMON } from './facts.ts';
import { INVOICE, INVOICE_WITH_LINES, toInvoice, toInvoiceWithLines } from './invoice-view.ts';
import { readPage } from './page.ts';
import { CURSOR_PARAMETER, CUSTOMER_PARAMETER, INVOICE_PARAMETER, limitParameter, objectSchema, pageSchema } from './schemas.ts';
import { invoiceSchema, type Invoice } from './wire.ts';

const DEFAULT_LIMIT = 50;

export const invoiceList: CollectCapability = {
  ...COMMON,
  capability: 'invoice.list',
  title: 'List invoices',
  description: 'Lists invoices, the newest first.',
  permission: 'invoice.read',
  risk: 'read',
  summaryParameter: 'status',
  inputSchema: objectSchema(
    {
      status: { type: 'string', enum: ['draft', 'open', 'paid', 'uncollectible', 'void'], description: 'All when absent.' },
      customer: CUSTOMER_PARAMETER,
      limit: limitParameter(DEFAULT_LIMIT),
      cursor: CURSOR_PARAMETER,
    },
    [],
  ),
  outputSchema: pageSchema('invoices', INVOICE),
  collect: async (parameters, reader) => {
    const who = text(parameters, 'customer');
    const customer = who === '' ? undefined : await resolveCustomer(who, reader);
    const args = { customer, status: text(parameters, 'status') || undefined };
    const list = { method: 'invoices', args, schema: invoiceSchema, defaultLimit: DEFAULT_LIMIT };
    const { items, next } = await readPage(reader, list, parameters);
    return { invoices: items.map(toInvoice), ...next };
  },
};

export async function readInvoice(id: string, reader: ProviderReader): Promise<Invoice> {
  return readBody(invoiceSchema, await reader.read(`invoices/${id}`, {}));
}

export const invoiceGet: CollectCapability = {
  ...COMMON,
  capability: 'invoice.get',
  title: 'Read an invoice',
  description: 'Reads one invoice with its first lines.',
  permission: 'invoice.read',
  risk: 'read',
  summaryParameter: 'id',
  inputSchema: objectSchema({ id: INVOICE_PARAMETER }, ['id']),
  outputSchema: INVOICE_WITH_LINES,
  collect: async (parameters, reader) => toInvoiceWithLines(await readInvoice(text(parameters, 'id'), reader)),
};
