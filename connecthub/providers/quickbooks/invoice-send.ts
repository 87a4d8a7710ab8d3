import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { EffectCapability, LookupContext } from '../definition.ts';
import { readBody, text } from '../parameters.ts';
import { WRITE } from './facts.ts';
import { readInvoice } from './invoice-read.ts';
import { CLOCK_DIFFERENCE_MS } from './marker.ts';
import { ACCOUNTING } from './oauth.ts';
import { described, EMAIL_PARAMETER, ID_PARAMETER, objectSchema, TEXT } from './schemas.ts';
import { invoiceSchema, present, type Invoice } from './wire.ts';

const sentSchema = z.looseObject({ Invoice: invoiceSchema });

function toSent(invoice: Invoice): JsonObject {
  return {
    id: invoice.Id,
    customer: invoice.CustomerRef.name ?? invoice.CustomerRef.value,
    ...present({ number: invoice.DocNumber, sent_to: invoice.BillEmail?.Address, sent_at: invoice.DeliveryInfo?.DeliveryTime }),
  };
}

/**
 * An email carries no marker of ours: that the invoice was sent since the call began is all there is. Somebody who sent it
 * by hand in that time counts as well; the customer has it then.
 */
async function findSent(parameters: JsonObject, { reader, sinceMs }: LookupContext): Promise<JsonObject | undefined> {
  const { invoice } = await readInvoice(text(parameters, 'id'), reader);
  const sentAtMs = Date.parse(invoice.DeliveryInfo?.DeliveryTime ?? '');
  const isSent = invoice.EmailStatus === 'EmailSent' && sentAtMs >= sinceMs - CLOCK_DIFFERENCE_MS;
  return isSent ? toSent(invoice) : undefined;
}

/**
 * Not `native`, although the request id goes along: Intuit promises the first answer again for what is booked, and says
 * nothing of mails. So a mail whose answer was lost is looked for, and never sent on trust.
 */
export const invoiceSend: EffectCapability = {
  ...WRITE,
  capability: 'invoice.send',
  title: 'Send an invoice',
  description: 'Emails an invoice to its customer.',
  permission: 'invoice.write',
  summaryParameter: 'id',
  inputSchema: objectSchema(
    {
      id: described(ID_PARAMETER, "The invoice's id, not its number."),
      send_to: described(EMAIL_PARAMETER, "Another address than the invoice's own; the invoice keeps it."),
    },
    ['id'],
  ),
  outputSchema: objectSchema({ id: TEXT, number: TEXT, customer: TEXT, sent_to: TEXT, sent_at: TEXT }, ['id', 'customer']),
  // https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/invoice#send-an-invoice
  request: (parameters, { nativeKey }) => ({
    method: `invoice/${text(parameters, 'id')}/send`,
    verb: 'POST',
    args: { requestid: nativeKey, sendTo: text(parameters, 'send_to') || undefined },
  }),
  result: (body) => toSent(readBody(sentSchema, body).Invoice),
  effectId: (result) => `${text(result, 'id')}/sent`,
  lookup: { scopes: [ACCOUNTING], find: findSent },
};
