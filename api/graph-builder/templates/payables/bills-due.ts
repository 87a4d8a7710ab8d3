import { COUNTED, LINES, MONEY, PLAIN, TOTALS } from '../books/texts.ts';
import { reportTemplates } from '../books/report.ts';
import { NOT_BILLS } from './words.ts';

/** A bill as `bill.list` gives it, for worked examples. */
export const sampleBill = {
  id: '201',
  number: 'NP-778',
  vendor: 'Norden Paper Mills',
  vendor_id: '51',
  date: '2026-10-29',
  due_date: '2026-11-28',
  amount: 1_240,
  balance: 1_240,
  currency: 'USD',
  status: 'open',
  days_overdue: 0,
};
const picked = { vendor: 'Norden Paper Mills', number: 'NP-778', amount: 1_240, currency: 'USD', due: '2026-11-28', late: 0 };

/** What has to be paid to suppliers in the days ahead, late bills included. */
export const billsDue = reportTemplates({
  id: 'bills_due',
  title: 'Supplier bills that fall due',
  object: 'bill',
  names: [
    'supplier bills falling due next week',
    'the bills to be paid this week',
    'supplier invoices due within 10 days',
    'all bills we owe, with the total',
  ],
  needs: [],
  helps: ['due', 'week', 'days', 'supplier*', 'vendor*', 'total', 'quickbooks'],
  excludes: [...NOT_BILLS, 'duplicate*', 'twice', 'double', 'enter*', 'record*'],
  slots: [
    { name: 'days', kind: 'days_ahead', required: false, default: 7, question: 'How many days ahead should it look?' },
    { name: 'min_amount', kind: 'money', required: false, default: 0, question: 'From which amount on?' },
  ],
  input: {
    days: { type: 'number', description: 'Bills due within so many days', required: false, default: 7 },
    min_amount: { type: 'number', description: 'Only bills with more than this left to pay', required: false, default: 0 },
  },
  reads: [
    {
      id: 'list',
      kind: 'capability',
      title: 'List what is due',
      capability: 'quickbooks/bill.list',
      parameters: { due_within_days: '=$floor(input.days)', limit: 200 },
    },
  ],
  pick: '[nodes.list.bills[balance > $$.input.min_amount]^(due_date).{"vendor": vendor, "number": $exists(number) ? number : id, "amount": balance, "currency": $exists(currency) ? currency : "", "due": $exists(due_date) ? due_date : "", "late": days_overdue}]',
  word: `($quote := ${PLAIN}; $money := ${MONEY}; $all := [nodes.pick]; $n := $count($all); $within := " within " & $string(input.days) & " days"; $n = 0 ? "No supplier bill is due" & $within & "." : (${COUNTED})($n, "supplier bill is", "supplier bills are") & " due" & $within & ", " & (${TOTALS})($all) & " in all:\\n" & (${LINES})([$all.("• " & $quote(vendor) & ": " & $money(amount, currency) & ", due " & due & (late > 0 ? ", " & (${COUNTED})(late, "day", "days") & " late" : "") & " (" & $quote(number) & ")")]))`,
  subject: 'Supplier bills that fall due',
  permissions: ['bill.read'],
  example: {
    text: 'Every Friday at 16:00 look up supplier bills over 500 dollars falling due next week.',
    slots: { days: 7, min_amount: 500 },
    evaluate: [
      {
        graph: 'sg_bills_due_v1',
        node: 'pick',
        scope: {
          input: { days: 7, min_amount: 500 },
          nodes: { list: { bills: [{ ...sampleBill, id: '2', balance: 310.4 }, sampleBill] } },
        },
        expect: [picked],
      },
      {
        graph: 'sg_bills_due_v1',
        node: 'word',
        scope: {
          input: { days: 7 },
          nodes: { pick: [picked, { ...picked, vendor: '<!here>', number: '9', amount: 10, late: 3 }] },
        },
        expect:
          '2 supplier bills are due within 7 days, 1,250.00 USD in all:\n• Norden Paper Mills: 1,240.00 USD, due 2026-11-28 (NP-778)\n• <!here>: 10.00 USD, due 2026-11-28, 3 days late (9)',
      },
      {
        graph: 'sg_bills_due_v1',
        node: 'word',
        scope: { input: { days: 7 }, nodes: { pick: [] } },
        expect: 'No supplier bill is due within 7 days.',
      },
    ],
  },
});
