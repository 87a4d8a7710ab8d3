import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { COUNTED, LINES, MONEY, PLAIN, TOTALS } from '../books/texts.ts';
import { call, compute, inOrder, optional, required } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { sampleOverdue } from './pieces.ts';

const statementGraph: SkillGraph = {
  id: 'sg_customer_statement_v1',
  title: 'Send one statement',
  input: { statement: required('object', 'Customer, address and open invoices') },
  nodes: [
    compute(
      'word',
      'Word the statement',
      `($money := ${MONEY}; $s := input.statement; $rows := [$s.invoices]; "Hello " & (${PLAIN})($s.customer) & ",\\n\\nthis is how your account stands on " & $substring(now, 0, 10) & ":\\n\\n" & (${LINES})([$rows.("Invoice " & number & ": " & $money(amount, currency) & ", due on " & due & (late > 0 ? ", " & (${COUNTED})(late, "day", "days") & " late" : ""))]) & "\\n\\nOpen in all: " & (${TOTALS})($rows) & ".\\n\\nIf you have paid in the meantime, please ignore this message.\\n\\nKind regards")`,
    ),
    {
      id: 'send',
      kind: 'capability',
      title: 'Send it',
      capability: 'gmail/email.send',
      parameters: {
        to: '=input.statement.to',
        subject: '="Statement of account, " & $substring(now, 0, 10)',
        body: '=nodes.word',
      },
      on_refused: 'continue',
    },
  ],
  edges: [{ from: 'word', to: 'send' }],
  output: {
    customer: '=input.statement.customer',
    sent: '=$not($exists(nodes.send.refused))',
    reason: '=$exists(nodes.send.refused) ? nodes.send.refused.message : ""',
  },
  max_steps: 5,
};

const row = { number: '1042', amount: 1_200, currency: 'EUR', due: '2026-10-01', late: 20 };

/** Mails each customer what is open on their account. */
export const customerStatements: SkillTemplate = {
  id: 'customer_statements',
  title: 'Mail customers a statement of account',
  asks: [
    'on the 1st of every month email each customer a statement of what is open',
    'send clients their account statement by mail',
    'mail statements of account to everybody with an open balance',
  ],
  does: [{ action: 'send', object: ['overdue', 'invoice', 'customer'] }],
  needs: [
    ['statement*', 'account summary', 'account overview'],
    ['send*', 'email*', 'e-mail*', 'mail', 'mails', 'write', 'get', 'gets'],
    ['customer*', 'client*', 'account*', 'member*', 'tenant*', 'patient*', 'balance*', 'open'],
  ],
  helps: ['month*', 'open', 'each', 'every', 'account', 'balance*'],
  excludes: [
    'income statement*',
    'bank statement*',
    'profit',
    'direct message',
    'dm',
    'slack',
    'supplier*',
    'vendor*',
    'to me',
    'cash flow',
  ],
  slots: [{ name: 'min_amount', kind: 'money', required: false, default: 0, question: 'From which open amount on?' }],
  graphs: [
    {
      id: 'sg_customer_statements_v1',
      title: 'Mail statements of account',
      input: { min_amount: optional('number', 'Only customers who owe more than this', 0) },
      ...inOrder([
        call('list', 'List open invoices', 'quickbooks/invoice.list', { status: 'open', limit: 200 }),
        compute(
          'pick',
          'Put them together by customer',
          '($rows := [nodes.list.invoices[$exists(customer_email)]]; $by := $count($rows) = 0 ? {} : $rows{customer_id: {"customer": $[0].customer, "to": $[0].customer_email, "total": $sum(balance), "invoices": [$.{"number": $exists(number) ? number : id, "amount": balance, "currency": $exists(currency) ? currency : "", "due": $exists(due_date) ? due_date : "receipt", "late": days_overdue}]}}; [$each($by, function($one) { $one })[total > $$.input.min_amount]])',
        ),
        {
          id: 'send_each',
          kind: 'foreach',
          title: 'Send each',
          items: '[nodes.pick]',
          body: statementGraph.id,
          input: { statement: '=item' },
          max_items: 100,
          max_parallel: 20,
        },
      ]),
      output: {
        count: '=$count(nodes.send_each[sent])',
        not_sent: '=[nodes.send_each[$not(sent)]]',
        without_address: '=[$distinct(nodes.list.invoices[$not($exists(customer_email))].customer)]',
      },
      remember: [
        {
          scope: 'organisation',
          kind: 'contact',
          for_each: '[$distinct(nodes.list.invoices[$not($exists(customer_email))].customer)[[0..19]]]',
          key: "='customer.' & $lowercase(item) & '.email'",
          value: 'no e-mail address is known: a statement could not be sent',
          expires_in_days: 90,
        },
      ],
      max_steps: 10,
    },
    statementGraph,
  ],
  permissions: ['invoice.read', 'email.write'],
  allows: [],
  example: {
    text: 'On the 1st of every month email each customer a statement of what is open.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_customer_statements_v1',
        node: 'pick',
        scope: {
          input: { min_amount: 100 },
          nodes: {
            list: {
              invoices: [
                { ...sampleOverdue, customer_id: '9' },
                { ...sampleOverdue, id: '2', number: '1050', balance: 300, days_overdue: 0, customer_id: '9' },
                { ...sampleOverdue, customer_id: '8', balance: 90 },
                { customer: 'No address', customer_id: '7', balance: 900, days_overdue: 1 },
              ],
            },
          },
        },
        expect: [
          {
            customer: 'Lockhart & Sons',
            to: 'ap@lockhart.example',
            total: 1_500,
            invoices: [row, { ...row, number: '1050', amount: 300, late: 0 }],
          },
        ],
      },
      {
        graph: statementGraph.id,
        node: 'word',
        scope: {
          now: '2026-11-01T08:00:00.000Z',
          input: { statement: { customer: 'Lockhart & Sons', to: 'ap@lockhart.example', invoices: [row] } },
        },
        expect:
          'Hello Lockhart & Sons,\n\nthis is how your account stands on 2026-11-01:\n\nInvoice 1042: 1,200.00 EUR, due on 2026-10-01, 20 days late\n\nOpen in all: 1,200.00 EUR.\n\nIf you have paid in the meantime, please ignore this message.\n\nKind regards',
      },
    ],
  },
};
