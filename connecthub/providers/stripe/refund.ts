import type { JsonObject } from '../../../contracts/json.ts';
import type { EffectCapability } from '../definition.ts';
import { optional, readBody, text } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';
import { posting, WRITE } from './facts.ts';
import { findMarked, marked } from './find.ts';
import { fromMinor, minorOf, moneyOf } from './money.ts';
import { READ_WRITE } from './oauth.ts';
import { AMOUNT_PARAMETER, CURRENCY_PARAMETER, idParameter, NUMBER, objectSchema, TEXT } from './schemas.ts';
import { chargeSchema, present, refundSchema } from './wire.ts';

function toRefund(body: JsonObject): JsonObject {
  const { id, amount, currency, status, charge } = readBody(refundSchema, body);
  return {
    id,
    amount: fromMinor(amount, currency),
    currency: currency.toUpperCase(),
    status: status ?? 'unknown',
    ...present({ payment: charge }),
  };
}

/**
 * The amount is always said, although Stripe would take "all of it" for none: what a person approves and a budget counts
 * is a number. https://docs.stripe.com/api/refunds/create
 */
export const refundCreate: EffectCapability = {
  ...WRITE,
  risk: 'destructive',
  capability: 'refund.create',
  title: 'Refund a payment',
  description: 'Gives a payment back, whole or in part. It cannot be taken back.',
  permission: 'refund.write',
  summaryParameter: 'payment',
  inputSchema: objectSchema(
    {
      payment: idParameter('ch|py', 'Which payment, as payment.list gives it.'),
      amount: AMOUNT_PARAMETER,
      currency: CURRENCY_PARAMETER,
      reason: { type: 'string', enum: ['duplicate', 'fraudulent', 'requested_by_customer'] },
    },
    ['payment', 'amount', 'currency'],
  ),
  outputSchema: objectSchema({ id: TEXT, amount: NUMBER, currency: TEXT, status: TEXT, payment: TEXT }, [
    'id',
    'amount',
    'currency',
    'status',
  ]),
  money: (parameters) => moneyOf([parameters['amount']], parameters),
  // A refund has its payment's currency and no other: the approved amount must be in it.
  prepare: async (parameters, reader) => {
    const charge = readBody(chargeSchema, await reader.read(`charges/${text(parameters, 'payment')}`, {}));
    const currency = text(parameters, 'currency');
    if (charge.currency.toUpperCase() !== currency)
      throw new ProviderRefusal({ code: 'provider_refused', reason: 'currency_mismatch', retryable: false });
    return { ...parameters, amount: minorOf(parameters['amount'], currency) };
  },
  request: (parameters, context) =>
    posting(
      'refunds',
      {
        charge: text(parameters, 'payment'),
        amount: optional(parameters, 'amount') ?? null,
        reason: text(parameters, 'reason'),
        ...marked(context.nativeKey),
      },
      context,
    ),
  result: toRefund,
  effectId: (result) => text(result, 'id'),
  lookup: {
    scopes: [READ_WRITE],
    byMarkerAlone: true,
    find: async (_parameters, context) => {
      const found = await findMarked(context, 'refunds');
      return found && toRefund(found);
    },
  },
};
