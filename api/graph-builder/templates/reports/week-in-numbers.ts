import { COUNTED, DAY, LINES, MONEY } from '../books/texts.ts';
import { reportTemplates } from '../books/report.ts';

const now = {
  received: 12_000,
  payments: 3,
  open: 18_250.5,
  open_count: 6,
  overdue: 12_160.5,
  overdue_count: 4,
  bills: 1_550.4,
  bills_count: 2,
  currency: 'USD',
};

/** The week's numbers from the books, beside those of the time before, which the skill remembers. */
export const weekInNumbers = reportTemplates({
  id: 'week_in_numbers',
  title: 'The week in numbers',
  names: ['the week in numbers from the books', 'a weekly overview of the books'],
  needs: [
    [
      'numbers',
      'figures',
      'kpi*',
      'key numbers',
      'metrics',
      'overview of the books',
      'state of the books',
      'dashboard',
      'scorecard',
    ],
    ['week*', 'books', 'quickbooks', 'business', 'finance*', 'key', 'weekly'],
  ],
  helps: ['week*', 'key', 'received', 'open', 'bills', 'invoices', 'numbers'],
  excludes: ['profit', 'margin', 'p&l', 'income statement', 'phone number*', 'invoice number*', 'month*', 'telephone'],
  slots: [],
  input: {},
  reads: [
    {
      id: 'payments',
      kind: 'capability',
      title: 'List the payments of the week',
      capability: 'quickbooks/payment.list',
      parameters: { since: `=(${DAY})(now, -7)`, limit: 200 },
    },
    {
      id: 'invoices',
      kind: 'capability',
      title: 'List open invoices',
      capability: 'quickbooks/invoice.list',
      parameters: { status: 'open', limit: 200 },
    },
    {
      id: 'bills',
      kind: 'capability',
      title: 'List open bills',
      capability: 'quickbooks/bill.list',
      parameters: { status: 'open', limit: 200 },
    },
  ],
  pick: '($p := [nodes.payments.payments]; $i := [nodes.invoices.invoices]; $late := [$i[days_overdue > 0]]; $b := [nodes.bills.bills]; $sumOf := function($list) { $count($list) = 0 ? 0 : $round($sum($list), 2) }; {"received": $sumOf($p.amount), "payments": $count($p), "open": $sumOf($i.balance), "open_count": $count($i), "overdue": $sumOf($late.balance), "overdue_count": $count($late), "bills": $sumOf($b.balance), "bills_count": $count($b), "currency": [$p.currency, $i.currency, $b.currency, ""][0]})',
  word: `($n := nodes.pick; $before := memory.values.week_in_numbers; $money := function($sum) { (${MONEY})($sum, $n.currency) }; $than := function($name) { ($old := $lookup($before, $name); $by := $round($lookup($n, $name) - $old, 2); $not($exists($old)) ? "" : $by = 0 ? ", as the week before" : ", " & $money($abs($by)) & ($by > 0 ? " more" : " less") & " than the week before") }; "The week in numbers:\\n" & (${LINES})(["• Received: " & $money($n.received) & " in " & (${COUNTED})($n.payments, "payment", "payments") & $than("received"), "• Open: " & $money($n.open) & " on " & (${COUNTED})($n.open_count, "invoice", "invoices") & $than("open"), "• Overdue: " & $money($n.overdue) & " on " & (${COUNTED})($n.overdue_count, "invoice", "invoices") & $than("overdue"), "• To pay: " & $money($n.bills) & " on " & (${COUNTED})($n.bills_count, "bill", "bills") & $than("bills")]))`,
  subject: 'The week in numbers',
  remember: [{ scope: 'skill', kind: 'state', key: 'week_in_numbers', value: '=nodes.pick', confidence: 1, expires_in_days: 60 }],
  permissions: ['payment.read', 'invoice.read', 'bill.read'],
  example: {
    text: 'Every Friday at 17:00 look up the week in numbers in QuickBooks.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_week_in_numbers_v1',
        node: 'pick',
        scope: {
          nodes: {
            payments: {
              payments: [
                { amount: 4_200, currency: 'USD' },
                { amount: 7_800, currency: 'USD' },
              ],
            },
            invoices: {
              invoices: [
                { balance: 120.5, days_overdue: 9 },
                { balance: 10, days_overdue: 0 },
              ],
            },
            bills: { bills: [] },
          },
        },
        expect: {
          received: 12_000,
          payments: 2,
          open: 130.5,
          open_count: 2,
          overdue: 120.5,
          overdue_count: 1,
          bills: 0,
          bills_count: 0,
          currency: 'USD',
        },
      },
      {
        graph: 'sg_week_in_numbers_v1',
        node: 'word',
        scope: { nodes: { pick: now } },
        expect:
          'The week in numbers:\n• Received: 12,000.00 USD in 3 payments\n• Open: 18,250.50 USD on 6 invoices\n• Overdue: 12,160.50 USD on 4 invoices\n• To pay: 1,550.40 USD on 2 bills',
      },
      {
        graph: 'sg_week_in_numbers_v1',
        node: 'word',
        scope: { nodes: { pick: now }, memory: { values: { week_in_numbers: { ...now, received: 10_000, bills: 2_000 } } } },
        expect:
          'The week in numbers:\n• Received: 12,000.00 USD in 3 payments, 2,000.00 USD more than the week before\n• Open: 18,250.50 USD on 6 invoices, as the week before\n• Overdue: 12,160.50 USD on 4 invoices, as the week before\n• To pay: 1,550.40 USD on 2 bills, 449.60 USD less than the week before',
      },
    ],
  },
});
