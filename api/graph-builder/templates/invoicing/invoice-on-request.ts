import { fromAsked } from '../books/requests.ts';
import { MAIL_WORDS } from '../mail/words.ts';
import { inOrder } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { createdOutput, createInvoices, createInvoicesGraphs, daysInput, daysSlot, evaluateRequests } from './create-invoices.ts';
import { NOT_INVOICES } from './words.ts';

export const CREATE_WORDS = [
  'create*',
  'make',
  'makes',
  'write',
  'writes',
  'draw up',
  'draws up',
  'raise',
  'raises',
  'issue',
  'issues',
  'prepare*',
  'set up',
  'bill the',
  'bill them',
  'bill him',
  'invoice the',
  'invoice them',
  'invoice him',
  'invoice her',
  'generate*',
  'make out',
];

/** Creates an invoice out of what somebody says: "Hillside porch done, 3,250". It is not sent. */
export const invoiceOnRequest: SkillTemplate = {
  id: 'invoice_on_request',
  title: 'Create invoices on request',
  asks: [
    'make an invoice in QuickBooks when I tell you what was done for which client',
    'when somebody asks for an invoice in #jobs, create it for that customer',
    'make invoices from what the crew has finished',
  ],
  // Whatever the verb, what it comes to must be a need of the sentence: "write the invoice", "take the bills".
  does: [{ action: ['create', 'tell', 'look'], object: 'invoice' }],
  needs: [],
  helps: ['client*', 'customer*', 'tell you', 'ask*', 'quickbooks', 'finished', 'done', 'job*'],
  excludes: [
    ...NOT_INVOICES,
    ...MAIL_WORDS,
    'remind*',
    'retainer*',
    'every month',
    'monthly',
    'issue list',
    'overdue',
    'report on',
  ],
  slots: [daysSlot],
  graphs: [
    {
      id: 'sg_invoice_on_request_v1',
      title: 'Create invoices on request',
      input: daysInput,
      ...inOrder([fromAsked, createInvoices('=[nodes.asked]')]),
      output: createdOutput,
      max_steps: 10,
    },
    ...createInvoicesGraphs,
  ],
  permissions: ['customer.read', 'invoice.write'],
  allows: [],
  example: {
    text: 'When I tell you what was done for which client, make an invoice in QuickBooks.',
    slots: {},
    evaluate: evaluateRequests,
  },
};
