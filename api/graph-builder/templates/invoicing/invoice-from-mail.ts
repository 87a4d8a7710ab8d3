import { fromMail, readNewMailsGraphs } from '../books/requests.ts';
import { aboutSlot, mailInput, onMail, sinceSlot } from '../mail/pieces.ts';
import { inOrder } from '../nodes.ts';
import type { SkillTemplate } from '../template.ts';
import { createdOutput, createInvoices, createInvoicesGraphs, daysInput, daysSlot, evaluateRequests } from './create-invoices.ts';
import { NOT_INVOICES } from './words.ts';

/** Creates an invoice for each order or request that comes by mail. None is sent. */
export const invoiceFromMail: SkillTemplate = {
  id: 'invoice_from_mail',
  title: 'Create invoices from mail',
  asks: [
    'when an order confirmation arrives by email, create an invoice',
    'make invoices from the job reports that our fitters mail in',
  ],
  // Whatever the verb, what it comes to must be a need of the sentence: "write the invoice", "take the bills".
  does: [{ action: ['create', 'tell', 'look'], object: 'invoice' }],
  needs: [],
  helps: ['order*', 'email*', 'arriv*', 'customer*', 'quickbooks', 'confirm*'],
  excludes: [...NOT_INVOICES, 'remind*', 'retainer*', 'overdue', 'payment*', 'slack message', 'answer*', 'reply'],
  event: onMail,
  slots: [daysSlot, sinceSlot, aboutSlot],
  graphs: [
    {
      id: 'sg_invoice_from_mail_v1',
      title: 'Create invoices from mail',
      input: { ...mailInput, ...daysInput },
      ...inOrder([fromMail, createInvoices('=[nodes.mails.mails]')]),
      output: createdOutput,
      max_steps: 10,
    },
    ...createInvoicesGraphs,
    ...readNewMailsGraphs,
  ],
  permissions: ['email.read', 'customer.read', 'invoice.write'],
  allows: [],
  example: {
    text: 'When an order confirmation arrives by email, create an invoice.',
    slots: {},
    evaluate: evaluateRequests,
  },
};
