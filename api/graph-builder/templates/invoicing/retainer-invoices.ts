import { AMOUNTS_IN, COUNTED, DAY, MONEY, PLAIN } from '../books/texts.ts';
import { call, compute, inOrder, required } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { CREATE_WORDS } from './invoice-on-request.ts';
import { daysInput, daysSlot } from './create-invoices.ts';
import { INVOICE_WORDS, NOT_INVOICES } from './words.ts';

const retainer = { id: '4', customer: 'Larkfield Studio', amount: 1_200, currency: 'EUR' };

/** Who has an agreed fee in the notes of the customer's record: one amount with its currency. */
const PICK = `(
  $words := [input.words.$lowercase($)];
  [nodes.customers.customers[($n := $lowercase(notes); $exists($n) and $count($words[$contains($n, $)]) > 0)].($c := $; $fees := (${AMOUNTS_IN})(notes); $count($fees) = 1 ? {"id": $c.id, "customer": $c.name, "amount": $fees[0].amount, "currency": $fees[0].currency} : [])]
)`;

/** One invoice a month for each client with an agreed fee. None is sent, and none is created twice in a month. */
export const retainerInvoices: SkillTemplate = {
  id: 'retainer_invoices',
  title: 'Create the recurring invoices of the month',
  asks: [
    'on the 25th of each month create one invoice for each retainer client with the agreed fee',
    'every month make the recurring invoices for clients with a subscription',
    'invoice every client on a monthly fee',
  ],
  does: [{ action: 'create', object: 'invoice' }],
  needs: [
    [...CREATE_WORDS, 'list*', 'invoice', 'bill'],
    [...INVOICE_WORDS, 'retainer*'],
    [
      'retainer*',
      'recurring',
      'monthly fee*',
      'agreed fee*',
      'standing',
      'subscription*',
      'membership*',
      'per client',
      'per customer',
      'per member',
      'monthly rent',
      'flat fee*',
      'each client',
      'every client',
      'each member',
      'every member',
      'each tenant',
    ],
  ],
  helps: ['month*', 'client*', 'retainer*', 'agreed', 'fee*', 'invoice*', 'each', 'recurring'],
  excludes: [...NOT_INVOICES, 'remind*', 'overdue', 'unpaid', 'open invoice*', 'statement*'],
  slots: [
    {
      name: 'words',
      kind: 'quoted_words',
      required: false,
      default: ['retainer', 'monthly fee', 'recurring'],
      question: "Which word in a customer's notes marks the agreed fee?",
    },
    daysSlot,
  ],
  graphs: [
    {
      id: 'sg_retainer_invoices_v1',
      title: 'Create the recurring invoices of the month',
      input: { words: required('array', "Words that mark the agreed fee in a customer's notes"), ...daysInput },
      ...inOrder([
        call('customers', 'List the customers', 'quickbooks/customer.list', { limit: 200 }),
        compute('pick', 'Keep who has an agreed fee', PICK),
        {
          id: 'create_each',
          kind: 'foreach',
          title: 'Create each',
          items: '[nodes.pick]',
          body: 'sg_retainer_invoice_v1',
          input: { client: '=item', days: '=input.days' },
          max_items: 100,
          max_parallel: 20,
        },
        compute(
          'word',
          'Say what was done',
          `($all := [nodes.create_each]; $made := [$all[created]]; (${COUNTED})($count($made), "recurring invoice was created", "recurring invoices were created") & ($count($made) = 0 ? "." : ": " & $join([$made.((${PLAIN})(customer) & ", " & (${MONEY})(amount, currency))], "; ") & "."))`,
        ),
      ]),
      output: {
        text: '=nodes.word',
        subject: 'Recurring invoices',
        count: '=$count(nodes.create_each[created])',
        invoice_ids: '=[nodes.create_each[created].invoice_id]',
      },
      max_steps: 10,
    },
    {
      id: 'sg_retainer_invoice_v1',
      title: 'Create one recurring invoice',
      input: { client: required('object', 'Customer, amount and currency'), ...daysInput },
      nodes: [
        call('own', "List the client's invoices", 'quickbooks/invoice.list', {
          customer: '=input.client.id',
          status: 'all',
          limit: 200,
        }),
        {
          id: 'made',
          kind: 'branch',
          title: 'Is this month invoiced?',
          expression:
            '($i := input.client; $month := $substring(now, 0, 7); $count(nodes.own.invoices[amount = $i.amount and $substring(date, 0, 7) = $month]) > 0 ? "yes" : "no")',
        },
        compute('skip', 'Leave it', 'true'),
        {
          id: 'create',
          kind: 'capability',
          title: 'Create it',
          capability: 'quickbooks/invoice.create',
          parameters: {
            customer: '=input.client.id',
            currency: '=input.client.currency',
            lines: [
              {
                description: '="Agreed fee for " & $fromMillis($toMillis(now), "[MNn] [Y0001]")',
                amount: '=input.client.amount',
              },
            ],
            due_date: `=input.days > 0 ? (${DAY})(now, input.days)`,
          },
          on_refused: 'continue',
        },
      ],
      edges: [
        { from: 'own', to: 'made' },
        { from: 'made', to: 'skip', when: 'yes' },
        { from: 'made', to: 'create', when: 'otherwise' },
      ],
      output: {
        created: '=$exists(nodes.create.id)',
        invoice_id: '=nodes.create.id',
        customer: '=input.client.customer',
        amount: '=input.client.amount',
        currency: '=input.client.currency',
      },
      max_steps: 5,
    },
  ],
  permissions: ['customer.read', 'invoice.read', 'invoice.write'],
  allows: [],
  example: {
    text: 'On the 25th of each month create one invoice for each retainer client with the agreed fee.',
    slots: { words: ['retainer', 'monthly fee', 'recurring'] },
    evaluate: [
      {
        graph: 'sg_retainer_invoices_v1',
        node: 'pick',
        scope: {
          input: { words: ['retainer'] },
          nodes: {
            customers: {
              customers: [
                { id: '4', name: 'Larkfield Studio', notes: 'Retainer 1,200 EUR a month' },
                { id: '6', name: 'Unclear', notes: 'Retainer of 100 EUR, or 200 EUR' },
                { id: '7', name: 'None' },
              ],
            },
          },
        },
        expect: [retainer],
      },
    ],
  },
};
