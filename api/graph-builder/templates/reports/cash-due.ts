import { COUNTED, LINES, MONEY, PLAIN, TOTALS } from '../books/texts.ts';
import { reportTemplates } from '../books/report.ts';

const row = { way: 'in', who: 'Larkfield Studio', amount: 2_310, currency: 'USD', due: '2026-12-06' };

/** What customers and we are to pay in the days ahead, late amounts included. */
export const cashDue = reportTemplates({
  id: 'cash_due',
  title: 'Cash due in and out',
  names: [
    'the cash due in and out over the next 14 days',
    'a cash flow forecast for the coming month',
    'our cash position for next week, money in and out',
  ],
  needs: [
    ['cash', 'cash-flow', 'cashflow', 'liquidity', 'money', 'incoming and outgoing', 'in and out', 'expected'],
    [
      'due in',
      'due out',
      'in and out',
      'flow',
      'cash-flow',
      'cashflow',
      'forecast*',
      'liquidity',
      'incoming and outgoing',
      'expected',
      'coming in',
      'go out',
      'going out',
      'position',
      'outlook',
    ],
  ],
  helps: ['next', 'days', 'week*', 'cash', 'forecast*', 'due'],
  excludes: ['cash register', 'petty cash', 'till', 'remind*'],
  slots: [{ name: 'days', kind: 'days_ahead', required: false, default: 14, question: 'How many days ahead should it look?' }],
  input: { days: { type: 'number', description: 'How many days ahead', required: false, default: 14 } },
  reads: [
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
      title: 'List bills that fall due',
      capability: 'quickbooks/bill.list',
      parameters: { due_within_days: '=$floor(input.days)', limit: 200 },
    },
  ],
  pick: '($until := $substring($fromMillis($toMillis(now) + input.days * 86400000), 0, 10); $append([nodes.invoices.invoices[$not($exists(due_date)) or due_date <= $until]^(due_date).{"way": "in", "who": customer, "amount": balance, "currency": $exists(currency) ? currency : "", "due": $exists(due_date) ? due_date : ""}], [nodes.bills.bills^(due_date).{"way": "out", "who": vendor, "amount": balance, "currency": $exists(currency) ? currency : "", "due": $exists(due_date) ? due_date : ""}]))',
  word: `($quote := ${PLAIN}; $money := ${MONEY}; $all := [nodes.pick]; $in := [$all[way = "in"]]; $out := [$all[way = "out"]]; $part := function($rows, $title, $one, $many) { $title & ": " & ($count($rows) = 0 ? "nothing" : (${TOTALS})($rows) & " (" & (${COUNTED})($count($rows), $one, $many) & ")\\n" & (${LINES})([$rows.("• " & due & ", " & $quote(who) & ": " & $money(amount, currency))])) }; "Cash due within " & $string(input.days) & " days, late amounts included.\\n" & $part($in, "In", "invoice", "invoices") & "\\n" & $part($out, "Out", "bill", "bills"))`,
  subject: 'Cash due in and out',
  permissions: ['invoice.read', 'bill.read'],
  example: {
    text: 'Every Monday at 7:30 look up the cash due in and out over the next 14 days.',
    slots: { days: 14 },
    evaluate: [
      {
        graph: 'sg_cash_due_v1',
        node: 'pick',
        scope: {
          now: '2026-11-24T08:00:00.000Z',
          input: { days: 14 },
          nodes: {
            invoices: {
              invoices: [
                { customer: 'Later', balance: 1, due_date: '2027-01-01' },
                { customer: 'Larkfield Studio', balance: 2_310, currency: 'USD', due_date: '2026-12-06' },
              ],
            },
            bills: { bills: [{ vendor: 'Norden', balance: 40, due_date: '2026-11-28' }] },
          },
        },
        expect: [row, { way: 'out', who: 'Norden', amount: 40, currency: '', due: '2026-11-28' }],
      },
      {
        graph: 'sg_cash_due_v1',
        node: 'word',
        scope: { input: { days: 14 }, nodes: { pick: [row] } },
        expect:
          'Cash due within 14 days, late amounts included.\nIn: 2,310.00 USD (1 invoice)\n• 2026-12-06, Larkfield Studio: 2,310.00 USD\nOut: nothing',
      },
    ],
  },
});
