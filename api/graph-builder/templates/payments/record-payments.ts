import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { fromMail, readNewMailsGraphs, sampleRequest } from '../books/requests.ts';
import { AMOUNTS_IN, COUNTED, DAY, MONEY, PLAIN } from '../books/texts.ts';
import { aboutSlot, mailInput, onMail, sinceSlot } from '../mail/pieces.ts';
import { call, compute, forEach, inOrder, required } from '../nodes.ts';
import type { SkillTemplate, TemplateExample } from '../template.ts';

/** What stands in a payment's reference, so that a notice that is read twice is booked once. */
const REFERENCE = '$substring(input.notice.id, 0, 21)';

/**
 * The one open invoice that a notice pays: its number or its customer's name stands in the text, and what is open of it is
 * the amount to the cent, in the same currency. With none or several nothing is booked, and `why` says so.
 */
const FIND_INVOICE = `(
  $text := $lowercase(input.notice.subject & "\\n" & input.notice.text);
  $amounts := (${AMOUNTS_IN})(input.notice.subject & "\\n" & input.notice.text);
  $amount := $count($distinct($amounts.amount)) = 1 ? $amounts[0];
  $named := [input.invoices[($n := number; $exists($n) and $contains(" " & $replace($text, /[^a-z0-9-]+/, " ") & " ", " " & $lowercase($n) & " ")) or $contains($text, $lowercase(customer))]];
  $fits := [$named[$exists($amount) and balance = $amount.amount and ($not($exists(currency)) or currency = $amount.currency)]];
  $one := $count($fits) = 1 ? $fits[0];
  {
    "is_notice": $exists($amounts[0]) and $contains($text, /payment|transfer|credit|deposit|received|incoming|paid/),
    "amount": $amount.amount,
    "currency": $amount.currency,
    "invoice_id": $one.id,
    "number": $exists($one.number) ? $one.number : $one.id,
    "customer": $one.customer,
    "customer_id": $one.customer_id,
    "why": $exists($one) ? "" : $not($exists($amount)) ? "it names no single amount" : $count($fits) > 1 ? "several invoices fit" : $count($named) > 0 ? "the amount differs from what is open" : "no open invoice is named"
  }
)`;

const recordPaymentGraph: SkillGraph = {
  id: 'sg_record_payment_v1',
  title: 'Record one payment',
  input: {
    notice: required('object', 'The notice'),
    invoices: required('array', 'Open invoices'),
    references: required('array', 'References of the payments in the books'),
  },
  nodes: [
    compute('find', 'Find its invoice', FIND_INVOICE),
    {
      id: 'decide',
      kind: 'branch',
      title: 'Is it clear and new?',
      expression: `${REFERENCE} in input.references ? "known" : $exists(nodes.find.invoice_id) ? "record" : nodes.find.is_notice ? "unclear" : "other"`,
    },
    {
      id: 'record',
      kind: 'capability',
      title: 'Record the payment',
      capability: 'quickbooks/payment.create',
      parameters: {
        customer: '=nodes.find.customer_id',
        amount: '=nodes.find.amount',
        currency: '=nodes.find.currency',
        invoice_id: '=nodes.find.invoice_id',
        date: '=$exists(input.notice.date) ? $substring(input.notice.date, 0, 10)',
        reference: `=${REFERENCE}`,
      },
      on_refused: 'continue',
    },
    compute('leave', 'Leave it', '"left"'),
  ],
  edges: [
    { from: 'find', to: 'decide' },
    { from: 'decide', to: 'record', when: 'record' },
    { from: 'decide', to: 'leave', when: 'otherwise' },
  ],
  output: {
    outcome: `=$exists(nodes.record.refused) ? "unclear" : $exists(nodes.record.id) ? "recorded" : ${REFERENCE} in input.references ? "known" : nodes.find.is_notice ? "unclear" : "other"`,
    source: '=input.notice.id',
    what: `=$exists(nodes.find.customer) ? (${PLAIN})(nodes.find.customer) & ", invoice " & nodes.find.number : (${PLAIN})(input.notice.subject)`,
    amount: `=$exists(nodes.find.amount) ? (${MONEY})(nodes.find.amount, nodes.find.currency) : ""`,
    why: '=$exists(nodes.record.refused) ? nodes.record.refused.message : nodes.find.why',
  },
  max_steps: 10,
};

const recordPaymentsGraph: SkillGraph = {
  id: 'sg_record_payments_v1',
  title: 'Record payments that the bank tells of',
  input: mailInput,
  ...inOrder([
    fromMail,
    call('open', 'List open invoices', 'quickbooks/invoice.list', { status: 'open', limit: 200 }),
    call('booked', 'List the payments of two months', 'quickbooks/payment.list', { since: `=(${DAY})(now, -62)`, limit: 200 }),
    forEach('record_each', 'Record each', '[nodes.mails.mails]', recordPaymentGraph, {
      notice: '=item',
      invoices:
        '=[nodes.open.invoices.{"id": id, "number": number, "customer": customer, "customer_id": customer_id, "balance": balance, "currency": currency}]',
      references: '=[nodes.booked.payments.reference]',
    }),
    compute(
      'word',
      'Say what was done',
      `($all := [nodes.record_each]; $done := [$all[outcome = "recorded"]]; $open := [$all[outcome = "unclear"]]; (${COUNTED})($count($done), "payment was recorded", "payments were recorded") & ($count($done) = 0 ? "" : ": " & $join([$done.(what & ", " & amount)], "; ")) & "." & ($count($open) = 0 ? "" : "\\n" & (${COUNTED})($count($open), "notice waits", "notices wait") & " for somebody: " & $join([$open.(what & (amount = "" ? "" : ", " & amount) & " (" & why & ")")], "; ") & "."))`,
    ),
  ]),
  output: {
    text: '=nodes.word',
    subject: 'Payments that were recorded',
    count: '=$count(nodes.record_each[outcome = "recorded"])',
    unclear: '=[nodes.record_each[outcome = "unclear"]]',
    mails: '=[nodes.record_each[outcome = "recorded"].source]',
  },
  max_steps: 10,
};

const open = [
  { id: '143', number: '1043', customer: 'Marsh & Sons', customer_id: '2', balance: 640, currency: 'USD' },
  { id: '147', number: '1047', customer: 'Hillside Roofing', customer_id: '1', balance: 3_900, currency: 'USD' },
  { id: '148', number: '1048', customer: 'Hillside Roofing', customer_id: '1', balance: 3_900, currency: 'USD' },
];
const found = {
  is_notice: true,
  amount: 640,
  currency: 'USD',
  invoice_id: '143',
  number: '1043',
  customer: 'Marsh & Sons',
  customer_id: '2',
  why: '',
};
const noticeCase = (
  text: string,
  expect: TemplateExample['evaluate'][number]['expect'],
): TemplateExample['evaluate'][number] => ({
  graph: recordPaymentGraph.id,
  node: 'find',
  scope: { input: { notice: { ...sampleRequest, subject: 'Incoming transfer', text }, invoices: open } },
  expect,
});

/** Records the payments that notices of the bank tell of, where exactly one open invoice fits to the cent. */
export const recordPayments: SkillTemplate = {
  id: 'record_payments',
  title: 'Record payments from notices of the bank',
  asks: [
    'when the bank mails a payment notice, record it against the open invoice',
    'book incoming transfers that the bank tells us about by email',
    'record payments from the notices in our mailbox against the open invoice',
  ],
  does: [{ action: 'create', object: 'payment' }],
  needs: [],
  helps: ['bank', 'notice*', 'invoice*', 'open', 'quickbooks', 'email*', 'arriv*', 'belong*', 'transfer*'],
  excludes: [
    'how many payments',
    'payments recorded',
    'payments were recorded',
    'report',
    'remind*',
    'supplier*',
    'vendor*',
    'stripe',
    'card',
    'thank*',
    'donor*',
    'make payments',
    'list of',
  ],
  event: onMail,
  slots: [sinceSlot, { ...aboutSlot, question: 'From which address does the bank write?' }],
  graphs: [recordPaymentsGraph, recordPaymentGraph, ...readNewMailsGraphs],
  permissions: ['email.read', 'invoice.read', 'payment.read', 'payment.write'],
  allows: [],
  example: {
    text: 'When our bank mails a payment notice, record the payment.',
    slots: {},
    evaluate: [
      noticeCase('You have received USD 640.00 from MARSH & SONS, reference 1043.', found),
      noticeCase('You have received USD 640.01 from MARSH & SONS, reference 1043.', {
        is_notice: true,
        amount: 640.01,
        currency: 'USD',
        why: 'the amount differs from what is open',
      }),
      noticeCase('Transfer of 3,900.00 USD from Hillside Roofing.', {
        is_notice: true,
        amount: 3_900,
        currency: 'USD',
        why: 'several invoices fit',
      }),
      noticeCase('Transfer of EUR 640.00 for 1043', {
        is_notice: true,
        amount: 640,
        currency: 'EUR',
        why: 'the amount differs from what is open',
      }),
      noticeCase('Transfer of 640.00 USD from an old friend', {
        is_notice: true,
        amount: 640,
        currency: 'USD',
        why: 'no open invoice is named',
      }),
      noticeCase('Our new prices', { is_notice: false, why: 'it names no single amount' }),
    ],
  },
};
