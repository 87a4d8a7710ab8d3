import { COUNTED, DAY, LINES, MONEY, PLAIN, TOTALS } from '../books/texts.ts';
import { reportTemplates } from '../books/report.ts';

const payment = {
  id: '304',
  date: '2026-11-23',
  customer: 'Fernhollow Furniture',
  customer_id: '5',
  amount: 7_800,
  unapplied: 0,
  currency: 'USD',
  invoice_ids: ['146'],
};
const row = { customer: 'Fernhollow Furniture', amount: 7_800, currency: 'USD', date: '2026-11-23', waiting: 0 };

/** What came in since some day, and how much of it still waits for its invoice. */
export const paymentsReceived = reportTemplates({
  id: 'payments_received',
  title: 'Payments received',
  object: 'payment',
  names: [
    'the payments that came in this week',
    'how many payments were booked, with those that still wait',
    'the donations of the last month',
    "yesterday's payments of customers",
  ],
  needs: [],
  helps: ['received', 'came in', 'recorded', 'waiting', 'week', 'how many', 'total', 'customers'],
  excludes: [
    'cash',
    'stripe',
    'remind*',
    'overdue',
    'unpaid',
    'bill',
    'bills',
    'supplier*',
    'vendor*',
    'failed',
    'declined',
    'bounced',
    'thank*',
    'unmatched',
    'unapplied',
    'record the',
    'salary',
    'we paid',
    'make payments',
    'not been paid',
    'not paid',
    'profit and loss',
  ],
  slots: [{ name: 'since_hours', kind: 'hours', required: false, default: 0, question: 'How far back should it look?' }],
  input: { since_hours: { type: 'number', description: 'How far back, in hours; 0 = a week', required: false, default: 0 } },
  reads: [
    {
      id: 'list',
      kind: 'capability',
      title: 'List the payments',
      capability: 'quickbooks/payment.list',
      parameters: { since: `=(${DAY})(now, input.since_hours > 0 ? -$ceil(input.since_hours / 24) : -7)`, limit: 200 },
    },
  ],
  pick: '[nodes.list.payments^(date).{"customer": customer, "amount": amount, "currency": $exists(currency) ? currency : "", "date": $exists(date) ? date : "", "waiting": unapplied}]',
  word: `($quote := ${PLAIN}; $money := ${MONEY}; $all := [nodes.pick]; $n := $count($all); $waiting := [$all[waiting > 0]]; $n = 0 ? "No payment came in." : (${COUNTED})($n, "payment came", "payments came") & " in, " & (${TOTALS})($all) & " in all; " & ($count($waiting) = 0 ? "none of them waits" : (${COUNTED})($count($waiting), "waits", "wait")) & " for an invoice:\\n" & (${LINES})([$all.("• " & date & ", " & $quote(customer) & ": " & $money(amount, currency) & (waiting > 0 ? " (" & $money(waiting, currency) & " not matched)" : ""))]))`,
  subject: 'Payments received',
  permissions: ['payment.read'],
  example: {
    text: 'Every Wednesday at 7:00 look up the payments that came in last week.',
    slots: { since_hours: 168 },
    evaluate: [
      { graph: 'sg_payments_received_v1', node: 'pick', scope: { nodes: { list: { payments: [payment] } } }, expect: [row] },
      {
        graph: 'sg_payments_received_v1',
        node: 'word',
        scope: { nodes: { pick: [row, { ...row, customer: 'Marsh & Sons', amount: 450, waiting: 50 }] } },
        expect:
          '2 payments came in, 8,250.00 USD in all; 1 waits for an invoice:\n• 2026-11-23, Fernhollow Furniture: 7,800.00 USD\n• 2026-11-23, Marsh & Sons: 450.00 USD (50.00 USD not matched)',
      },
      { graph: 'sg_payments_received_v1', node: 'word', scope: { nodes: { pick: [] } }, expect: 'No payment came in.' },
    ],
  },
});
