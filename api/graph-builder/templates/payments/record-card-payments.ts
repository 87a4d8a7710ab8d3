import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { COUNTED, DAY, MONEY, PLAIN } from '../books/texts.ts';
import { call, compute, forEach, inOrder, optional, required } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';

const charge = {
  id: 'ch_1',
  status: 'succeeded',
  amount: 640,
  refunded: 0,
  currency: 'USD',
  created: '2026-11-23T10:00:00.000Z',
  disputed: false,
  email: 'office@marsh.example',
};
const open = {
  id: '143',
  number: '1043',
  customer: 'Marsh & Sons',
  customer_id: '2',
  customer_email: 'Office@marsh.example',
  balance: 640,
  currency: 'USD',
};

/** Charges of the last days that the books do not have, each with the one open invoice of that payer and amount. */
const PICK = `(
  $since := $toMillis(now) - (input.since_hours > 0 ? input.since_hours : 168) * 3600000;
  $references := [nodes.booked.payments.reference];
  $open := [nodes.open.invoices];
  $new := [nodes.charges.payments[status = "succeeded" and refunded = 0 and $not(disputed) and $toMillis(created) >= $since and $not($substring(id, 0, 21) in $references)]];
  [$new.(
    $c := $;
    $fits := [$open[balance = $c.amount and ($not($exists(currency)) or currency = $c.currency) and $exists($c.email) and $exists(customer_email) and $lowercase(customer_email) = $lowercase($c.email)]];
    {"charge": id, "amount": amount, "currency": currency, "date": $substring(created, 0, 10), "who": $exists(name) ? name : $exists(email) ? email : id, "invoice": $count($fits) = 1 ? $fits[0].{"id": id, "number": $exists(number) ? number : id, "customer_id": customer_id}}
  )]
)`;

const recordOneGraph: SkillGraph = {
  id: 'sg_record_card_payment_v1',
  title: 'Record one card payment',
  input: { payment: required('object', 'The charge with its invoice') },
  nodes: [
    {
      id: 'record',
      kind: 'capability',
      title: 'Record it',
      capability: 'quickbooks/payment.create',
      parameters: {
        customer: '=input.payment.invoice.customer_id',
        amount: '=input.payment.amount',
        currency: '=input.payment.currency',
        invoice_id: '=input.payment.invoice.id',
        date: '=input.payment.date',
        reference: '=$substring(input.payment.charge, 0, 21)',
      },
      on_refused: 'continue',
    },
  ],
  edges: [],
  output: { payment: '=input.payment', recorded: '=$not($exists(nodes.record.refused))' },
  max_steps: 5,
};

/** Records in QuickBooks what customers paid by card in Stripe. */
export const recordCardPayments: SkillTemplate = {
  id: 'record_card_payments',
  title: 'Record card payments of Stripe in the books',
  asks: [
    'every day record the payments made in Stripe against the open invoices of QuickBooks',
    'record the card payments of Stripe as payments in QuickBooks',
    'when a card payment comes in through Stripe, enter it in the books',
  ],
  does: [{ action: 'create', object: 'payment' }],
  needs: [],
  helps: ['quickbooks', 'invoice*', 'open', 'stripe', 'card*'],
  excludes: ['refund*', 'failed', 'declined', 'disputed', 'payment link*', 'report', 'how many'],
  event: { source: 'stripe', input: {}, polls: true },
  slots: [{ name: 'since_hours', kind: 'hours', required: false, default: 0, question: 'How far back should it look?' }],
  graphs: [
    {
      id: 'sg_record_card_payments_v1',
      title: 'Record card payments',
      input: { since_hours: optional('number', 'How far back, in hours; 0 = a week', 0) },
      ...inOrder([
        call('charges', 'List the charges', 'stripe/payment.list', { limit: 100 }),
        call('open', 'List open invoices', 'quickbooks/invoice.list', { status: 'open', limit: 200 }),
        call('booked', 'List the payments of two months', 'quickbooks/payment.list', {
          since: `=(${DAY})(now, -62)`,
          limit: 200,
        }),
        compute('pick', 'Find the invoice of each', PICK),
        forEach('record_each', 'Record each', '[nodes.pick[$exists(invoice)]]', recordOneGraph, { payment: '=item' }),
        compute(
          'word',
          'Say what was done',
          `($done := [nodes.record_each[recorded]]; $open := $append([nodes.pick[$not($exists(invoice))]], [nodes.record_each[$not(recorded)].payment]); (${COUNTED})($count($done), "card payment was recorded", "card payments were recorded") & "." & ($count($open) = 0 ? "" : " Not recorded: " & $join([$open.((${PLAIN})(who) & ", " & (${MONEY})(amount, currency))], "; ") & "."))`,
        ),
      ]),
      output: { text: '=nodes.word', subject: 'Card payments that were recorded', count: '=$count(nodes.record_each[recorded])' },
      max_steps: 10,
    },
    recordOneGraph,
  ],
  permissions: ['payment.read', 'invoice.read', 'payment.write'],
  allows: [],
  example: {
    text: 'Every day at 7:00 record the payments made in Stripe against the open invoices of QuickBooks.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_record_card_payments_v1',
        node: 'pick',
        scope: {
          now: '2026-11-24T07:00:00.000Z',
          input: { since_hours: 0 },
          nodes: {
            charges: {
              payments: [
                charge,
                { ...charge, id: 'ch_booked' },
                { ...charge, id: 'ch_2', amount: 5 },
                { ...charge, id: 'ch_3', refunded: 640 },
              ],
            },
            open: { invoices: [open] },
            booked: { payments: [{ reference: 'ch_booked' }] },
          },
        },
        expect: [
          {
            charge: 'ch_1',
            amount: 640,
            currency: 'USD',
            date: '2026-11-23',
            who: 'office@marsh.example',
            invoice: { id: '143', number: '1043', customer_id: '2' },
          },
          { charge: 'ch_2', amount: 5, currency: 'USD', date: '2026-11-23', who: 'office@marsh.example' },
        ],
      },
    ],
  },
};
