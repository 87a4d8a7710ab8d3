import { COUNTED, DAY, LINES, MONEY, PLAIN } from '../books/texts.ts';
import { reportTemplates } from '../books/report.ts';
import { PAYMENT_WORDS } from './words.ts';

const row = { id: '305', customer: 'Marsh & Sons', amount: 40, currency: 'USD', date: '2026-11-20', fits: ['1043'] };

/** Payments that pay no invoice yet, each with the open invoices of that customer that it would pay to the cent. */
export const unmatchedPayments = reportTemplates({
  id: 'unmatched_payments',
  title: 'Payments without an invoice',
  object: 'payment',
  names: ['payments without an invoice', 'unapplied customer payments', 'unallocated money that came in'],
  needs: [
    [...PAYMENT_WORDS, 'money'],
    [
      'unmatched',
      'not matched',
      'unapplied',
      'unallocated',
      'not allocated',
      'match',
      'matches',
      'matching',
      'without an invoice',
      'reconcil*',
      'fit',
      'not assigned',
      'unassigned',
      'on account',
      'belong*',
    ],
  ],
  helps: ['invoice*', 'customer*', 'quickbooks', 'open', 'unmatched'],
  excludes: ['record the', 'record it', 'book the', 'bill', 'bills', 'supplier*', 'vendor*', 'to the cent', 'remind*'],
  slots: [],
  input: {},
  reads: [
    {
      id: 'list',
      kind: 'capability',
      title: 'List payments of half a year',
      capability: 'quickbooks/payment.list',
      parameters: { since: `=(${DAY})(now, -183)`, limit: 200 },
    },
    {
      id: 'open',
      kind: 'capability',
      title: 'List open invoices',
      capability: 'quickbooks/invoice.list',
      parameters: { status: 'open', limit: 200 },
    },
  ],
  pick: '($open := [nodes.open.invoices]; [nodes.list.payments[unapplied > 0]^(date).($p := $; {"id": id, "customer": customer, "amount": unapplied, "currency": $exists(currency) ? currency : "", "date": $exists(date) ? date : "", "fits": [$open[customer_id = $p.customer_id and balance = $p.unapplied].($exists(number) ? number : id)]})])',
  word: `($quote := ${PLAIN}; $money := ${MONEY}; $all := [nodes.pick]; $n := $count($all); $n = 0 ? "Every payment belongs to an invoice." : (${COUNTED})($n, "payment belongs", "payments belong") & " to no invoice yet:\\n" & (${LINES})([$all.("• " & date & ", " & $quote(customer) & ": " & $money(amount, currency) & ($count(fits) = 0 ? ", no open invoice of that amount" : ", fits invoice " & $quote($join(fits, " or "))))]))`,
  subject: 'Payments without an invoice',
  permissions: ['payment.read', 'invoice.read'],
  example: {
    text: 'Every Friday at 14:00 look up payments without an invoice.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_unmatched_payments_v1',
        node: 'pick',
        scope: {
          nodes: {
            list: {
              payments: [
                {
                  id: '305',
                  customer: 'Marsh & Sons',
                  customer_id: '2',
                  amount: 100,
                  unapplied: 40,
                  currency: 'USD',
                  date: '2026-11-20',
                },
                { id: '306', customer: 'Other', customer_id: '3', amount: 10, unapplied: 0 },
              ],
            },
            open: {
              invoices: [
                { id: '143', number: '1043', customer_id: '2', balance: 40 },
                { id: '9', customer_id: '3', balance: 40 },
              ],
            },
          },
        },
        expect: [row],
      },
      {
        graph: 'sg_unmatched_payments_v1',
        node: 'word',
        scope: { nodes: { pick: [row, { ...row, fits: [] }] } },
        expect:
          '2 payments belong to no invoice yet:\n• 2026-11-20, Marsh & Sons: 40.00 USD, fits invoice 1043\n• 2026-11-20, Marsh & Sons: 40.00 USD, no open invoice of that amount',
      },
      {
        graph: 'sg_unmatched_payments_v1',
        node: 'word',
        scope: { nodes: { pick: [] } },
        expect: 'Every payment belongs to an invoice.',
      },
    ],
  },
});
