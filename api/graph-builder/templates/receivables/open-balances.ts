import { LINES, MONEY, PLAIN, TOTALS } from '../books/texts.ts';
import { reportTemplates } from '../books/report.ts';

/** Who owes us how much: customers with open balances, biggest first. */
export const openBalances = reportTemplates({
  id: 'open_balances',
  title: 'Who owes us',
  object: 'overdue',
  names: ['the customers who owe us most', 'our biggest open balances', 'open balances per client'],
  needs: [
    [
      'owe',
      'owes',
      'owing',
      'owed',
      'open balance*',
      'open amount*',
      'outstanding balance*',
      'outstanding amount*',
      'unpaid balance*',
      'balances',
    ],
    ['us', 'customer*', 'client*', 'balance*', 'amount*', 'most', 'biggest', 'donor*', 'member*', 'patient*', 'debtor*', 'who'],
  ],
  helps: ['biggest', 'most', 'customer*', 'client*', 'top', 'largest', 'open'],
  excludes: [
    'remind*',
    'an answer',
    'a reply',
    'chase*',
    'we owe',
    'supplier*',
    'vendor*',
    'days late',
    'weeks late',
    'past due',
    'overdue',
    'aged',
    'ageing',
    'aging',
    'statement*',
  ],
  slots: [
    { name: 'best', kind: 'count', required: false, default: 20, question: 'How many customers should be shown?' },
    { name: 'min_amount', kind: 'money', required: false, default: 0, question: 'From which amount on?' },
  ],
  input: {
    best: { type: 'number', description: 'How many customers', required: false, default: 20 },
    min_amount: { type: 'number', description: 'Only who owes more than this', required: false, default: 0 },
  },
  reads: [
    {
      id: 'list',
      kind: 'capability',
      title: 'List who owes',
      capability: 'quickbooks/customer.list',
      parameters: { min_balance: 0.01, limit: 200 },
    },
  ],
  pick: '($sorted := [nodes.list.customers[balance > $$.input.min_amount]^(>balance).{"customer": name, "amount": balance, "currency": $exists(currency) ? currency : ""}]; [$sorted[[0..$$.input.best - 1]]])',
  word: `($quote := ${PLAIN}; $money := ${MONEY}; $all := [nodes.pick]; $n := $count($all); $n = 0 ? "Nobody owes us anything." : ($n = 1 ? "One customer owes us, " : $string($n) & " customers owe us most, ") & (${TOTALS})($all) & " in all:\\n" & (${LINES})([$all.("• " & $quote(customer) & ": " & $money(amount, currency))]))`,
  subject: 'Who owes us',
  permissions: ['customer.read'],
  example: {
    text: 'When I ask, list the top 5 customers who owe us money.',
    slots: { best: 5 },
    evaluate: [
      {
        graph: 'sg_open_balances_v1',
        node: 'pick',
        scope: {
          input: { best: 2, min_amount: 100 },
          nodes: {
            list: {
              customers: [
                { name: 'A', balance: 50 },
                { name: 'B', balance: 200, currency: 'USD' },
                { name: 'C', balance: 300, currency: 'USD' },
                { name: 'D', balance: 150, currency: 'USD' },
              ],
            },
          },
        },
        expect: [
          { customer: 'C', amount: 300, currency: 'USD' },
          { customer: 'B', amount: 200, currency: 'USD' },
        ],
      },
      {
        graph: 'sg_open_balances_v1',
        node: 'word',
        scope: { nodes: { pick: [{ customer: 'C', amount: 300, currency: 'USD' }] } },
        expect: 'One customer owes us, 300.00 USD in all:\n• C: 300.00 USD',
      },
      { graph: 'sg_open_balances_v1', node: 'word', scope: { nodes: { pick: [] } }, expect: 'Nobody owes us anything.' },
    ],
  },
});
