import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { findCustomersGraph, findCustomersGraphs } from '../books/find-customers.ts';
import { requestsInput } from '../books/requests.ts';
import { AMOUNTS_IN, BARE_AMOUNT, COUNTED, DAY, MONEY, NAMED, PLAIN } from '../books/texts.ts';
import { compute, forEach, inOrder, optional, required, within } from '../nodes.ts';
import type { TemplateExample, TemplateSlot } from '../template.ts';

export const daysSlot: TemplateSlot = {
  name: 'days',
  kind: 'days_ahead',
  required: false,
  default: 0,
  question: 'Within how many days are these invoices to be paid?',
};
export const daysInput: SkillGraph['input'] = { days: optional('number', "Days to pay; 0 = by the customer's terms", 0) };

/**
 * Who is invoiced how much for what. A customer is known by the whole name, or by its first word where only one customer's
 * name begins so. An amount without a currency is in the customer's own.
 */
const READ_REQUEST = `(
  $customers := [nodes.find.customers];
  $text := $trim(input.request.subject & "\\n" & input.request.text);
  $full := (${NAMED})($customers, $text);
  $first := function($c) { $match($lowercase($c.name), /^[^\\s,.]{4,}/)[0].match };
  $short := [$customers[($f := $first($); $exists($f) and $contains($lowercase(" " & $replace($text, /[\\s,.;:!?]+/, " ") & " "), " " & $f & " "))]];
  $found := $count($full) > 0 ? $full : $short;
  $customer := $count($found) = 1 ? $found[0];
  $amounts := (${AMOUNTS_IN})($text);
  $bare := (${BARE_AMOUNT})($text);
  $amount := $count($distinct($amounts.amount)) = 1 ? $amounts[0].amount : $count($amounts) = 0 ? $bare;
  $currency := $count($amounts) > 0 ? $amounts[0].currency : $customer.currency;
  $what := $trim($replace($replace((${PLAIN})(input.request.text), /(?:(?:EUR|USD|GBP|CHF|[€$£]) ?)?[0-9]+(?:[.,'][0-9]+)+(?: ?(?:EUR|USD|GBP|CHF|[€$£]))?/, ""), /[\\s,.;:-]+$/, ""));
  {
    "customer_id": $customer.id,
    "customer": $customer.name,
    "amount": $amount > 0 ? $amount,
    "currency": $currency,
    "description": $what = "" ? "Services" : $what,
    "missing": [$exists($customer) ? [] : $count($found) > 1 ? "which of several customers is meant" : "a customer that is in the books", $exists($amount) and $amount > 0 ? [] : "one amount", $exists($currency) ? [] : "a currency"]
  }
)`;

const createInvoiceGraph: SkillGraph = {
  id: 'sg_create_invoice_v1',
  title: 'Create one invoice',
  input: { request: required('object', 'What was asked'), ...daysInput },
  nodes: [
    within('find', 'Find the customers that may be meant', findCustomersGraph, {
      text: '=input.request.subject & "\\n" & input.request.text',
    }),
    compute('read', 'Read the request', READ_REQUEST),
    { id: 'decide', kind: 'branch', title: 'Is it clear?', expression: '$count(nodes.read.missing) > 0 ? "leave" : "create"' },
    {
      id: 'create',
      kind: 'capability',
      title: 'Create it',
      capability: 'quickbooks/invoice.create',
      parameters: {
        customer: '=nodes.read.customer_id',
        currency: '=nodes.read.currency',
        lines: [{ description: '=nodes.read.description', amount: '=nodes.read.amount' }],
        due_date: `=input.days > 0 ? (${DAY})(now, input.days)`,
      },
      on_refused: 'continue',
    },
    compute('leave', 'Leave it', '"unclear"'),
  ],
  edges: [
    { from: 'find', to: 'read' },
    { from: 'read', to: 'decide' },
    { from: 'decide', to: 'create', when: 'create' },
    { from: 'decide', to: 'leave', when: 'otherwise' },
  ],
  output: {
    outcome: '=$exists(nodes.leave) ? "unclear" : $exists(nodes.create.refused) ? "refused" : "created"',
    source: '=input.request.id',
    invoice_id: '=nodes.create.id',
    number: '=$exists(nodes.create.number) ? nodes.create.number : nodes.create.id',
    what: `=(${PLAIN})($exists(nodes.read.customer) ? nodes.read.customer : input.request.text)`,
    amount: `=$exists(nodes.read.amount) and $exists(nodes.read.currency) ? (${MONEY})(nodes.read.amount, nodes.read.currency) : ""`,
    why: '=$exists(nodes.create.refused) ? nodes.create.refused.message : $join(nodes.read.missing, " and ")',
  },
  max_steps: 10,
};

/** Creates an invoice for each request; what is not clear is named. None is sent. */
const createInvoicesGraph: SkillGraph = {
  id: 'sg_create_invoices_v1',
  title: 'Create invoices',
  input: { ...requestsInput, ...daysInput },
  ...inOrder([
    forEach('create_each', 'Create each', '[input.requests]', createInvoiceGraph, { request: '=item', days: '=input.days' }),
    compute(
      'word',
      'Say what was done',
      `($all := [nodes.create_each]; $made := [$all[outcome = "created"]]; $left := [$all[outcome != "created"]]; $count($all) = 0 ? "No invoice was asked for." : (${COUNTED})($count($made), "invoice was created", "invoices were created") & ($count($made) = 0 ? "" : ": " & $join([$made.(number & " for " & what & ", " & amount)], "; ")) & "." & ($count($left) = 0 ? "" : "\\nNot clear: " & $join([$left.(what & " (" & why & ")")], "; ") & "."))`,
    ),
  ]),
  output: {
    text: '=nodes.word',
    subject: 'Invoices that were created',
    count: '=$count(nodes.create_each[outcome = "created"])',
    invoice_ids: '=[nodes.create_each[outcome = "created"].invoice_id]',
    unclear: '=[nodes.create_each[outcome != "created"]]',
    mails: '=[nodes.create_each[outcome = "created"].source]',
  },
  max_steps: 10,
};
export const createInvoices = (requests: string) =>
  within('create', 'Create the invoices', createInvoicesGraph, { requests, days: '=input.days' });
export const createInvoicesGraphs = [createInvoicesGraph, createInvoiceGraph, ...findCustomersGraphs];
export const createdOutput = Object.fromEntries(
  Object.keys(createInvoicesGraph.output as object).map((name) => [name, `=nodes.create.${name}`]),
);

const customers = [
  { id: '1', name: 'Hillside Roofing', currency: 'USD' },
  { id: '2', name: 'Marsh & Sons', currency: 'USD' },
  { id: '3', name: 'Marsh Catering', currency: 'USD' },
];
const readCase = (text: string, expect: TemplateExample['evaluate'][number]['expect']): TemplateExample['evaluate'][number] => ({
  graph: 'sg_create_invoice_v1',
  node: 'read',
  scope: { input: { request: { id: 'r1', subject: '', text } }, nodes: { find: { customers } } },
  expect,
});
/** How requests are read, on sample texts. */
export const evaluateRequests: TemplateExample['evaluate'] = [
  readCase('Hillside porch done, 3,250', {
    customer_id: '1',
    customer: 'Hillside Roofing',
    amount: 3_250,
    currency: 'USD',
    description: 'Hillside porch done',
    missing: [],
  }),
  readCase('Please invoice Marsh & Sons EUR 90.50 for the ledger', {
    customer_id: '2',
    customer: 'Marsh & Sons',
    amount: 90.5,
    currency: 'EUR',
    description: 'Please invoice Marsh & Sons for the ledger',
    missing: [],
  }),
  readCase('Marsh, the usual', {
    description: 'Marsh, the usual',
    missing: ['which of several customers is meant', 'one amount', 'a currency'],
  }),
];
