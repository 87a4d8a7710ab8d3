import { z } from 'zod';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { EffectCapability, ProviderReader } from '../definition.ts';
import { readBody, text } from '../parameters.ts';
import { creating, NATIVE } from './facts.ts';
import { INVOICE, toInvoice } from './invoice-view.ts';
import { linesOf } from './lines.ts';
import { findMarked, withMarker } from './marker.ts';
import { moneyOf } from './money.ts';
import { ACCOUNTING } from './oauth.ts';
import { defaultItem, resolveId } from './resolve.ts';
import {
  AMOUNT_PARAMETER,
  CURRENCY_PARAMETER,
  DATE_PARAMETER,
  described,
  EMAIL_PARAMETER,
  objectSchema,
  textParameter,
  whoParameter,
} from './schemas.ts';
import { invoiceSchema, present } from './wire.ts';

const madeSchema = z.looseObject({ Invoice: invoiceSchema, time: z.iso.datetime({ offset: true }) });

/** Names become ids; a line without an item is sold as the company's services. */
async function prepare(parameters: JsonObject, reader: ProviderReader): Promise<JsonObject> {
  const customer = await resolveId('Customer', text(parameters, 'customer'), reader);
  const lines: Json[] = [];
  for (const line of linesOf(parameters)) {
    const named = text(line, 'item');
    lines.push({ ...line, item: named === '' ? await defaultItem(reader) : await resolveId('Item', named, reader) });
  }
  return { ...parameters, customer, lines };
}

/** https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/invoice#create-an-invoice */
function toBody(parameters: JsonObject, nativeKey: string): JsonObject {
  const [dueDate, memo, email] = [text(parameters, 'due_date'), text(parameters, 'memo'), text(parameters, 'email')];
  return {
    CustomerRef: { value: text(parameters, 'customer') },
    CurrencyRef: { value: text(parameters, 'currency') },
    Line: linesOf(parameters).map((line) => ({
      DetailType: 'SalesItemLineDetail',
      Amount: line['amount'] ?? null,
      Description: text(line, 'description'),
      SalesItemLineDetail: { ItemRef: { value: text(line, 'item') } },
    })),
    PrivateNote: withMarker(undefined, nativeKey),
    ...present({ DueDate: dueDate }),
    ...(memo !== '' && { CustomerMemo: { value: memo } }),
    ...(email !== '' && { BillEmail: { Address: email } }),
  };
}

export const invoiceCreate: EffectCapability = {
  ...NATIVE,
  capability: 'invoice.create',
  title: 'Create an invoice',
  description: 'Creates a customer invoice. It is not sent.',
  permission: 'invoice.write',
  summaryParameter: 'customer',
  inputSchema: objectSchema(
    {
      customer: whoParameter('Customer'),
      currency: CURRENCY_PARAMETER,
      lines: {
        type: 'array',
        minItems: 1,
        maxItems: 50,
        items: objectSchema(
          {
            description: textParameter(4_000, 'What the customer reads.'),
            amount: AMOUNT_PARAMETER,
            item: described(
              whoParameter('Product or service'),
              'Product or service: the id, or the exact name; "Services" when absent.',
            ),
          },
          ['description', 'amount'],
        ),
      },
      due_date: described(DATE_PARAMETER, "When absent, by the customer's terms."),
      memo: textParameter(1_000, 'A message to the customer on the invoice.'),
      email: described(EMAIL_PARAMETER, "Where it is to be sent, if not to the customer's own address."),
    },
    ['customer', 'currency', 'lines'],
  ),
  outputSchema: INVOICE,
  money: moneyOf,
  prepare,
  request: (parameters, context) => creating('invoice', toBody(parameters, context.nativeKey), context),
  result: (body) => {
    const made = readBody(madeSchema, body);
    return toInvoice(made.Invoice, made.time.slice(0, 10));
  },
  effectId: (result) => text(result, 'id'),
  lookup: {
    scopes: [ACCOUNTING],
    byMarkerAlone: true,
    find: async (_parameters, context) => {
      const found = await findMarked(context, 'Invoice', invoiceSchema, ({ PrivateNote }) => PrivateNote);
      return found && toInvoice(found, new Date(context.sinceMs).toISOString().slice(0, 10));
    },
  },
};
