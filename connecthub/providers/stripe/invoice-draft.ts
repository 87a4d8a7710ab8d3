import { z } from 'zod';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { EffectCapability, LookupContext } from '../definition.ts';
import { optional, readBody, text } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';
import { resolveCustomer } from './customer.ts';
import { posting, WRITE } from './facts.ts';
import { findMarked, isMarked, marked } from './find.ts';
import { readInvoice } from './invoice-read.ts';
import { INVOICE, toInvoice } from './invoice-view.ts';
import { minorOf, moneyOf } from './money.ts';
import { READ_WRITE } from './oauth.ts';
import {
  AMOUNT_PARAMETER,
  CURRENCY_PARAMETER,
  CUSTOMER_PARAMETER,
  INVOICE_PARAMETER,
  objectSchema,
  textParameter,
} from './schemas.ts';
import { invoiceSchema } from './wire.ts';

/** Days that a customer has where nobody says how many. */
const DEFAULT_DAYS = 30;
/** What Stripe takes in one request. */
const MAX_LINES = 50;

/**
 * An empty draft: Stripe makes an invoice and its lines by two requests, and one call makes one effect.
 * https://docs.stripe.com/api/invoices/create. Nothing is ever charged by itself: it is to be sent, and stays a draft
 * until it is finalized.
 */
export const invoiceCreate: EffectCapability = {
  ...WRITE,
  capability: 'invoice.create',
  title: 'Create a draft invoice',
  description: 'Creates an empty draft invoice. Add lines to it, then finalize or send it.',
  permission: 'invoice.write',
  summaryParameter: 'customer',
  inputSchema: objectSchema(
    {
      customer: CUSTOMER_PARAMETER,
      currency: CURRENCY_PARAMETER,
      days_until_due: { type: 'integer', minimum: 0, maximum: 365, default: DEFAULT_DAYS },
      description: textParameter(1_500, 'What the customer reads above the lines.'),
    },
    ['customer', 'currency'],
  ),
  outputSchema: INVOICE,
  prepare: async (parameters, reader) => ({
    ...parameters,
    customer: await resolveCustomer(text(parameters, 'customer'), reader),
  }),
  request: (parameters, context) =>
    posting(
      'invoices',
      {
        customer: text(parameters, 'customer'),
        currency: text(parameters, 'currency').toLowerCase(),
        collection_method: 'send_invoice',
        days_until_due: optional(parameters, 'days_until_due') ?? DEFAULT_DAYS,
        description: text(parameters, 'description'),
        auto_advance: false,
        // What others have put on the customer's account is not ours to bill.
        pending_invoice_items_behavior: 'exclude',
        ...marked(context.nativeKey),
      },
      context,
    ),
  result: (body) => toInvoice(readBody(invoiceSchema, body)),
  effectId: (result) => text(result, 'id'),
  lookup: {
    scopes: [READ_WRITE],
    byMarkerAlone: true,
    find: async (_parameters, context) => {
      const found = await findMarked(context, 'invoices');
      return found && toInvoice(readBody(invoiceSchema, found));
    },
  },
};

function linesOf({ lines }: JsonObject): JsonObject[] {
  return Array.isArray(lines) ? lines.filter((one): one is JsonObject => typeof one === 'object' && one !== null) : [];
}

/** @throws ProviderRefusal `currency_mismatch`: an invoice has one currency, and nothing is converted on a guess */
async function assertCurrency(id: string, currency: string, reader: LookupContext['reader']): Promise<void> {
  const invoice = await readInvoice(id, reader);
  if (invoice.currency.toUpperCase() === currency) return;
  throw new ProviderRefusal({ code: 'provider_refused', reason: 'currency_mismatch', retryable: false });
}

const linesSchema = z.looseObject({ data: z.array(z.unknown()), has_more: z.boolean() });

/** Whether lines of this call stand on the invoice. @throws ProviderRefusal where it has more lines than are read */
async function findLines(id: string, { reader, nativeKey }: LookupContext): Promise<boolean> {
  const { data, has_more: hasMore } = readBody(linesSchema, await reader.read(`invoices/${id}/lines`, { limit: 100 }));
  if (data.some((line) => isMarked(line, nativeKey))) return true;
  if (!hasMore) return false;
  throw new ProviderRefusal({ code: 'provider_refused', reason: 'too_many_objects', retryable: false });
}

/** All of them or none. https://docs.stripe.com/api/invoice-line-item/bulk */
export const invoiceLinesAdd: EffectCapability = {
  ...WRITE,
  capability: 'invoice.lines.add',
  title: 'Add lines to a draft invoice',
  description: 'Adds lines to an invoice that is still a draft.',
  permission: 'invoice.write',
  summaryParameter: 'id',
  inputSchema: objectSchema(
    {
      id: INVOICE_PARAMETER,
      currency: CURRENCY_PARAMETER,
      lines: {
        type: 'array',
        minItems: 1,
        maxItems: MAX_LINES,
        items: objectSchema({ description: textParameter(500, 'What the customer reads.'), amount: AMOUNT_PARAMETER }, [
          'description',
          'amount',
        ]),
      },
    },
    ['id', 'currency', 'lines'],
  ),
  outputSchema: INVOICE,
  money: (parameters) =>
    moneyOf(
      linesOf(parameters).map(({ amount }) => amount),
      parameters,
    ),
  prepare: async (parameters, reader) => {
    const currency = text(parameters, 'currency');
    await assertCurrency(text(parameters, 'id'), currency, reader);
    const lines: Json[] = linesOf(parameters).map((line) => ({ ...line, amount: minorOf(line['amount'], currency) }));
    return { ...parameters, lines };
  },
  request: (parameters, context) => {
    const lines = linesOf(parameters).map(({ description = null, amount = null }) => {
      return { description, amount, ...marked(context.nativeKey) };
    });
    return posting(`invoices/${text(parameters, 'id')}/add_lines`, { lines }, context);
  },
  result: (body) => toInvoice(readBody(invoiceSchema, body)),
  effectId: (result) => `${text(result, 'id')}/lines`,
  lookup: {
    scopes: [READ_WRITE],
    // The id stands at the beginning of what the receipt keeps; the lines may be cut.
    byMarkerAlone: true,
    find: async (parameters, context) => {
      const id = text(parameters, 'id');
      return (await findLines(id, context)) ? toInvoice(await readInvoice(id, context.reader)) : undefined;
    },
  },
};
