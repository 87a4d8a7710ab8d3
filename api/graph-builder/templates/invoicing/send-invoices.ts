import type { SkillGraph } from '../../../../contracts/skill-graph.ts';
import { ASKED } from '../books/requests.ts';
import { COUNTED, PLAIN } from '../books/texts.ts';
import { call, compute, inOrder, required } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { INVOICE_WORDS, NOT_INVOICES } from './words.ts';

/** Sends one invoice to its customer's own address. A no leaves this one out and the others in. */
const sendInvoiceGraph: SkillGraph = {
  id: 'sg_send_invoice_v1',
  title: 'Send one invoice',
  input: { id: required('string', 'Id of the invoice') },
  nodes: [
    {
      id: 'send',
      kind: 'capability',
      title: 'Send it',
      capability: 'quickbooks/invoice.send',
      parameters: { id: '=input.id' },
      on_refused: 'continue',
    },
  ],
  edges: [],
  output: {
    id: '=input.id',
    sent: '=$not($exists(nodes.send.refused))',
    reason: '=$exists(nodes.send.refused) ? nodes.send.refused.message : ""',
  },
  max_steps: 5,
};

/** Sends the invoices with these ids, all questions at once. */
const sendEach = (items: string): SkillGraph['nodes'][number] => ({
  id: 'send_each',
  kind: 'foreach',
  title: 'Send each',
  items,
  body: sendInvoiceGraph.id,
  input: { id: '=item' },
  max_items: 100,
  max_parallel: 20,
});
const word = compute(
  'word',
  'Say what was done',
  `($sent := [nodes.send_each[sent]]; $left := [nodes.send_each[$not(sent)]]; (${COUNTED})($count($sent), "invoice was sent", "invoices were sent") & "." & ($count($left) = 0 ? "" : " Not sent: " & $join([$left.(${PLAIN})(reason)], "; ")))`,
);
const output = {
  text: '=nodes.word',
  subject: 'Invoices that were sent',
  count: '=$count(nodes.send_each[sent])',
  not_sent: '=[nodes.send_each[$not(sent)]]',
};

const common = {
  does: [{ action: 'send' }],
  helps: ['customer*', 'client*', 'quickbooks', 'invoice*', 'out'],
  slots: [],
  allows: [],
} satisfies Partial<SkillTemplate>;
const SEND_WORDS = ['send*', 'sent', 'mail', 'mails', 'email*', 'e-mail*', 'dispatch*', 'goes out', 'go out'];
const evaluateWord = (graph: string): SkillTemplate['example']['evaluate'] => [
  {
    graph,
    node: 'word',
    scope: {
      nodes: {
        send_each: [
          { id: '1', sent: true, reason: '' },
          { id: '2', sent: false, reason: 'No.' },
        ],
      },
    },
    expect: '1 invoice was sent. Not sent: No.',
  },
];

/** Sends what an earlier duty has created. */
export const sendCreatedInvoices: SkillTemplate = {
  ...common,
  id: 'send_created_invoices',
  title: 'Send the created invoices',
  asks: ['send the invoice to the customer', 'then send it out from QuickBooks', 'email each of those invoices to its client'],
  needs: [SEND_WORDS, [...INVOICE_WORDS, 'it', 'them', 'those', 'each']],
  excludes: [
    'direct message',
    'dm',
    'slack',
    'remind*',
    'resend',
    'again',
    'unsent',
    'not been sent',
    'list',
    'summary',
    'report',
    'copy to',
  ],
  feeds: ['invoice_on_request', 'invoice_from_mail', 'retainer_invoices'].map((from) => ({
    from,
    input: 'ids',
    output: 'invoice_ids',
    when: '$count({output}) > 0',
  })),
  askedAfter: 'When I tell you what was done for which client, make an invoice in QuickBooks',
  graphs: [
    {
      id: 'sg_send_created_invoices_v1',
      title: 'Send the created invoices',
      input: { ids: required('array', 'Ids of the invoices') },
      ...inOrder([sendEach('[input.ids]'), word]),
      output,
      max_steps: 10,
    },
    sendInvoiceGraph,
  ],
  permissions: ['invoice.write'],
  example: {
    text: 'When an order confirmation arrives by email, create an invoice. Then send the invoice to the customer.',
    slots: {},
    evaluate: evaluateWord('sg_send_created_invoices_v1'),
  },
};

/** Sends every open invoice that was never sent and has an address. */
export const sendUnsentInvoices: SkillTemplate = {
  ...common,
  id: 'send_unsent_invoices',
  title: 'Send the invoices that were not sent yet',
  asks: [
    'send out all invoices that have not been sent yet',
    'email the finished invoice drafts to the clients',
    'send the unsent invoices',
  ],
  needs: [
    SEND_WORDS,
    INVOICE_WORDS,
    [
      'unsent',
      'not been sent',
      'not sent',
      'never sent',
      'not yet sent',
      'not gone out',
      'drafts',
      'still to be sent',
      'finished',
      'lie around',
      'waiting to be sent',
    ],
  ],
  excludes: [...NOT_INVOICES, 'remind*', 'list*', 'post', 'tell', 'direct message', 'dm', 'report', 'slack', 'again'],
  graphs: [
    {
      id: 'sg_send_unsent_invoices_v1',
      title: 'Send the invoices that were not sent yet',
      input: {},
      ...inOrder([
        call('list', 'List open invoices', 'quickbooks/invoice.list', { status: 'open', limit: 200 }),
        compute(
          'pick',
          'Keep what was not sent',
          '[[nodes.list.invoices[$not(emailed) and $exists(customer_email)].id][[0..99]]]',
        ),
        sendEach('[nodes.pick]'),
        word,
      ]),
      output: { ...output, without_address: '=[nodes.list.invoices[$not(emailed) and $not($exists(customer_email))].customer]' },
      remember: [
        {
          scope: 'organisation',
          kind: 'contact',
          for_each: '[$distinct(nodes.list.invoices[$not(emailed) and $not($exists(customer_email))].customer)[[0..19]]]',
          key: "='customer.' & $lowercase(item) & '.email'",
          value: 'no e-mail address is known: an invoice could not be sent',
          expires_in_days: 90,
        },
      ],
      max_steps: 10,
    },
    sendInvoiceGraph,
  ],
  permissions: ['invoice.read', 'invoice.write'],
  example: {
    text: 'Every Thursday at 17:00 send out all invoices that have not been sent yet.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_send_unsent_invoices_v1',
        node: 'pick',
        scope: {
          nodes: {
            list: {
              invoices: [
                { id: '1', emailed: false, customer_email: 'a@b.example' },
                { id: '2', emailed: true, customer_email: 'a@b.example' },
                { id: '3', emailed: false },
              ],
            },
          },
        },
        expect: ['1'],
      },
      ...evaluateWord('sg_send_unsent_invoices_v1'),
    ],
  },
};

/** Sends an invoice again that somebody names by its number; to the customer's own address, whoever asks. */
export const resendInvoice: SkillTemplate = {
  ...common,
  id: 'resend_invoice',
  title: 'Send an invoice again on request',
  asks: [
    'send the invoice again when somebody asks for a copy',
    'resend invoices on request',
    'send lost invoices to the customer once more',
  ],
  needs: [
    [...SEND_WORDS, 'resend*', 're-send*'],
    INVOICE_WORDS,
    ['resend*', 're-send*', 'again', 'copy', 'copies', 'once more', 'lost', 'duplicate of'],
  ],
  excludes: [...NOT_INVOICES, 'remind*', 'overdue', 'unsent'],
  graphs: [
    {
      id: 'sg_resend_invoice_v1',
      title: 'Send an invoice again',
      input: {},
      nodes: [
        compute(
          'number',
          'Find its number',
          `$match($join(${ASKED}.text, " "), /(?:^|[^0-9A-Za-z])([A-Z]{0,5}-?[0-9]{3,12})(?=$|[^0-9])/)[0].groups[0]`,
        ),
        {
          id: 'named',
          kind: 'branch',
          title: 'Is one named?',
          expression: '$exists(nodes.number) and nodes.number != null ? "yes" : "no"',
        },
        call('find', 'Find it', 'quickbooks/invoice.list', { number: '=nodes.number', limit: 2 }),
        { id: 'found', kind: 'branch', title: 'Is it there?', expression: '$count(nodes.find.invoices) = 1 ? "yes" : "no"' },
        {
          id: 'send',
          kind: 'capability',
          title: 'Send it',
          capability: 'quickbooks/invoice.send',
          parameters: { id: '=nodes.find.invoices[0].id' },
          on_refused: 'continue',
        },
        compute('unnamed', 'Say that none is named', '"No invoice number was given."'),
        compute('absent', 'Say that there is none', '"There is no invoice " & nodes.number & "."'),
      ],
      edges: [
        { from: 'number', to: 'named' },
        { from: 'named', to: 'find', when: 'yes' },
        { from: 'named', to: 'unnamed', when: 'otherwise' },
        { from: 'find', to: 'found' },
        { from: 'found', to: 'send', when: 'yes' },
        { from: 'found', to: 'absent', when: 'otherwise' },
      ],
      output: {
        text: '=$exists(nodes.unnamed) ? nodes.unnamed : $exists(nodes.absent) ? nodes.absent : $exists(nodes.send.refused) ? "Invoice " & nodes.number & " was not sent: " & nodes.send.refused.message : "Invoice " & nodes.number & " was sent again."',
        subject: 'Invoice sent again',
        count: '=$exists(nodes.send.id) ? 1 : 0',
      },
      max_steps: 10,
    },
  ],
  permissions: ['invoice.read', 'invoice.write'],
  example: {
    text: 'When somebody asks for a copy of an invoice, send the invoice again.',
    slots: {},
    evaluate: [
      {
        graph: 'sg_resend_invoice_v1',
        node: 'number',
        scope: { trigger: { payload: { command: 'Send 1042 again please' } } },
        expect: '1042',
      },
      {
        graph: 'sg_resend_invoice_v1',
        node: 'number',
        scope: { trigger: { payload: { message: { ts: '1.1', text: 'Copy of RE-2044?' } } } },
        expect: 'RE-2044',
      },
    ],
  },
};
