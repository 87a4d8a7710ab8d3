import type { JsonObject } from '../../../contracts/json.ts';
import { fromMinor } from './money.ts';
import { NUMBER, objectSchema, TEXT } from './schemas.ts';
import { instant, present, type Invoice } from './wire.ts';

const MEMBERS: JsonObject = {
  id: TEXT,
  number: TEXT,
  status: { type: 'string', description: 'draft, open, paid, uncollectible or void.' },
  customer_id: TEXT,
  customer: TEXT,
  customer_email: TEXT,
  total: NUMBER,
  to_pay: NUMBER,
  currency: TEXT,
  created: TEXT,
  due: TEXT,
  description: TEXT,
  url: { type: 'string', description: 'Where the customer sees and pays it, once it is finalized.' },
};
const REQUIRED = ['id', 'status', 'total', 'to_pay', 'currency', 'created'];

export const INVOICE: JsonObject = objectSchema(MEMBERS, REQUIRED);
export const INVOICE_WITH_LINES: JsonObject = objectSchema(
  {
    ...MEMBERS,
    lines: { type: 'array', items: objectSchema({ id: TEXT, description: TEXT, amount: NUMBER }, ['id', 'amount']) },
    more_lines: { type: 'boolean', description: 'There are more lines than these.' },
  },
  [...REQUIRED, 'lines', 'more_lines'],
);

/** An invoice as results show it, amounts in units of its currency. */
export function toInvoice(invoice: Invoice): JsonObject {
  const { id, currency } = invoice;
  return {
    id,
    status: invoice.status ?? 'unknown',
    total: fromMinor(invoice.total, currency),
    to_pay: fromMinor(invoice.amount_remaining, currency),
    currency: currency.toUpperCase(),
    created: instant(invoice.created),
    ...present({
      number: invoice.number,
      customer_id: invoice.customer,
      customer: invoice.customer_name,
      customer_email: invoice.customer_email,
      due: invoice.due_date == null ? undefined : instant(invoice.due_date),
      description: invoice.description,
      url: invoice.hosted_invoice_url,
    }),
  };
}

export function toInvoiceWithLines(invoice: Invoice): JsonObject {
  const lines = invoice.lines.data.map((line) => ({
    id: line.id,
    amount: fromMinor(line.amount, line.currency),
    ...present({ description: line.description }),
  }));
  return { ...toInvoice(invoice), lines, more_lines: invoice.lines.has_more };
}
