import type { JsonObject } from '../../../contracts/json.ts';
import { dueState } from './due.ts';
import { present, type Customer, type Invoice } from './wire.ts';
import { INTEGER, NUMBER, objectSchema, TEXT } from './schemas.ts';

const MEMBERS: JsonObject = {
  id: TEXT,
  number: { type: 'string', description: 'As the customer knows it.' },
  customer: TEXT,
  customer_id: TEXT,
  customer_email: TEXT,
  date: TEXT,
  due_date: TEXT,
  amount: NUMBER,
  balance: { type: 'number', description: 'What is still to be paid.' },
  currency: TEXT,
  status: { type: 'string', enum: ['paid', 'open', 'overdue'] },
  days_overdue: INTEGER,
  emailed: { type: 'boolean', description: 'Sent to the customer from QuickBooks.' },
};
const REQUIRED = ['id', 'customer', 'customer_id', 'amount', 'balance', 'status', 'days_overdue', 'emailed'];

export const INVOICE: JsonObject = objectSchema(MEMBERS, REQUIRED);
export const INVOICE_WITH_LINES: JsonObject = objectSchema(
  {
    ...MEMBERS,
    memo: { type: 'string', description: 'What the customer reads on it.' },
    lines: {
      type: 'array',
      items: objectSchema({ description: TEXT, item: TEXT, quantity: NUMBER, amount: NUMBER }, ['amount']),
    },
  },
  [...REQUIRED, 'lines'],
);

/** An invoice as results show it, on a day. An invoice without an address of its own goes to its customer's. */
export function toInvoice(invoice: Invoice, today: string, customer?: Customer): JsonObject {
  const { CustomerRef: ref } = invoice;
  return {
    id: invoice.Id,
    customer: ref.name ?? customer?.DisplayName ?? ref.value,
    customer_id: ref.value,
    amount: invoice.TotalAmt,
    balance: invoice.Balance,
    ...dueState(invoice, today),
    emailed: invoice.EmailStatus === 'EmailSent',
    ...present({
      number: invoice.DocNumber,
      customer_email: invoice.BillEmail?.Address ?? customer?.PrimaryEmailAddr?.Address,
      date: invoice.TxnDate,
      due_date: invoice.DueDate,
      currency: invoice.CurrencyRef?.value,
    }),
  };
}

/** With its lines; the sum that QuickBooks adds as a line is none. */
export function toInvoiceWithLines(invoice: Invoice, today: string, customer?: Customer): JsonObject {
  const lines = invoice.Line.filter(({ DetailType }) => DetailType !== 'SubTotalLineDetail').map((line) => ({
    amount: line.Amount ?? 0,
    ...present<string | number>({
      description: line.Description,
      item: line.SalesItemLineDetail?.ItemRef?.name,
      quantity: line.SalesItemLineDetail?.Qty,
    }),
  }));
  return { ...toInvoice(invoice, today, customer), ...present({ memo: invoice.CustomerMemo?.value }), lines };
}
