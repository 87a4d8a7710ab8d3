import type { JsonObject } from '../../../contracts/json.ts';
import { dueState } from './due.ts';
import { INTEGER, NUMBER, objectSchema, TEXT } from './schemas.ts';
import { present, type Bill } from './wire.ts';

export const BILL: JsonObject = objectSchema(
  {
    id: TEXT,
    number: { type: 'string', description: "The supplier's." },
    vendor: TEXT,
    vendor_id: TEXT,
    date: TEXT,
    due_date: TEXT,
    amount: NUMBER,
    balance: { type: 'number', description: 'What is still to be paid.' },
    currency: TEXT,
    status: { type: 'string', enum: ['paid', 'open', 'overdue'] },
    days_overdue: INTEGER,
  },
  ['id', 'vendor', 'vendor_id', 'amount', 'balance', 'status', 'days_overdue'],
);

/** A bill as results show it, on a day. */
export function toBill(bill: Bill, today: string): JsonObject {
  return {
    id: bill.Id,
    vendor: bill.VendorRef.name ?? bill.VendorRef.value,
    vendor_id: bill.VendorRef.value,
    amount: bill.TotalAmt,
    balance: bill.Balance,
    ...dueState(bill, today),
    ...present({ number: bill.DocNumber, date: bill.TxnDate, due_date: bill.DueDate, currency: bill.CurrencyRef?.value }),
  };
}
