import type { JsonObject } from '../../../contracts/json.ts';
import type { EffectCapability } from '../definition.ts';
import { optional, readBody, text } from '../parameters.ts';
import { posting, WRITE } from './facts.ts';
import { findEventOf, marked } from './find.ts';
import { minorOf } from './money.ts';
import { READ_WRITE } from './oauth.ts';
import { AMOUNT_PARAMETER, CURRENCY_PARAMETER, objectSchema, TEXT, textParameter } from './schemas.ts';
import { paymentLinkSchema } from './wire.ts';

function toLink(body: JsonObject): JsonObject {
  const { id, url } = readBody(paymentLinkSchema, body);
  return { id, url };
}

/**
 * It asks for money and spends none, so no budget counts it. Links are listed without when they were made: ours is told by
 * the event of its request. https://docs.stripe.com/api/payment-link/create
 */
export const paymentLinkCreate: EffectCapability = {
  ...WRITE,
  capability: 'paymentlink.create',
  title: 'Create a payment link',
  description: 'Creates a page at Stripe at which whoever has its address can pay for one thing.',
  permission: 'paymentlink.write',
  summaryParameter: 'name',
  inputSchema: objectSchema(
    {
      name: textParameter(250, 'What is paid for, as the customer reads it.'),
      amount: AMOUNT_PARAMETER,
      currency: CURRENCY_PARAMETER,
      quantity: { type: 'integer', minimum: 1, maximum: 1_000, default: 1 },
    },
    ['name', 'amount', 'currency'],
  ),
  outputSchema: objectSchema({ id: TEXT, url: TEXT }, ['id', 'url']),
  prepare: async (parameters) => ({
    ...parameters,
    unit_amount: minorOf(parameters['amount'], text(parameters, 'currency')),
  }),
  request: (parameters, context) => {
    const price = {
      currency: text(parameters, 'currency').toLowerCase(),
      unit_amount: optional(parameters, 'unit_amount') ?? null,
      product_data: { name: text(parameters, 'name') },
    };
    const item = { price_data: price, quantity: optional(parameters, 'quantity') ?? 1 };
    return posting('payment_links', { line_items: [item], ...marked(context.nativeKey) }, context);
  },
  result: toLink,
  effectId: (result) => text(result, 'id'),
  lookup: {
    scopes: [READ_WRITE],
    byMarkerAlone: true,
    find: async (_parameters, context) => {
      const found = await findEventOf(context, 'payment_link.created');
      return found && toLink(found);
    },
  },
};
