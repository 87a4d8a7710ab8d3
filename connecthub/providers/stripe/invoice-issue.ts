import type { JsonObject } from '../../../contracts/json.ts';
import type { EffectCapability } from '../definition.ts';
import { readBody, text } from '../parameters.ts';
import { posting, WRITE } from './facts.ts';
import { findEventOf } from './find.ts';
import { readInvoice } from './invoice-read.ts';
import { INVOICE, toInvoice } from './invoice-view.ts';
import { READ_WRITE } from './oauth.ts';
import { INVOICE_PARAMETER, objectSchema } from './schemas.ts';
import { invoiceSchema } from './wire.ts';

const ISSUE = {
  ...WRITE,
  permission: 'invoice.write',
  summaryParameter: 'id',
  inputSchema: objectSchema({ id: INVOICE_PARAMETER }, ['id']),
  outputSchema: INVOICE,
  result: (body: JsonObject) => toInvoice(readBody(invoiceSchema, body)),
};

/**
 * An invoice that is no draft any more stays none, so its state tells whether it happened.
 * https://docs.stripe.com/api/invoices/finalize; `auto_advance` would let Stripe charge a card by itself.
 */
export const invoiceFinalize: EffectCapability = {
  ...ISSUE,
  capability: 'invoice.finalize',
  title: 'Finalize an invoice',
  description:
    'Makes a draft an open invoice with a number and a page to pay it. It is not sent. It cannot be changed afterwards.',
  request: (parameters, context) => posting(`invoices/${text(parameters, 'id')}/finalize`, { auto_advance: false }, context),
  effectId: (result) => `${text(result, 'id')}/finalized`,
  lookup: {
    scopes: [READ_WRITE],
    find: async (parameters, { reader }) => {
      const invoice = await readInvoice(text(parameters, 'id'), reader);
      return invoice.status === 'draft' ? undefined : toInvoice(invoice);
    },
  },
};

/**
 * Nothing of an invoice tells that it was mailed, but the event of our request does.
 * https://docs.stripe.com/api/invoices/send: a draft is finalized first.
 */
export const invoiceSend: EffectCapability = {
  ...ISSUE,
  capability: 'invoice.send',
  title: 'Send an invoice',
  description: 'Emails an invoice to its customer; a draft is finalized first.',
  request: (parameters, context) => posting(`invoices/${text(parameters, 'id')}/send`, {}, context),
  effectId: (result) => `${text(result, 'id')}/sent`,
  lookup: {
    scopes: [READ_WRITE],
    find: async (parameters, context) => {
      const event = await findEventOf(context, 'invoice.sent');
      return event && toInvoice(await readInvoice(text(parameters, 'id'), context.reader));
    },
  },
};
