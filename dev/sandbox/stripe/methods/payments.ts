import { z } from 'zod';
import { missing, StripeError } from '../errors.ts';
import { CREATED, isWithin, page, PAGING } from '../list.ts';
import { EXPAND, METADATA } from './customers.ts';
import { method } from './method.ts';

const whole = z.coerce.number().int();

const refundSchema = z.strictObject({
  charge: z.string(),
  amount: whole.min(1).optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata: METADATA,
  ...EXPAND,
});

const linkSchema = z.strictObject({
  line_items: z
    .array(
      z.strictObject({
        price_data: z.strictObject({
          currency: z.string().regex(/^[a-z]{3}$/),
          unit_amount: whole.min(0),
          product_data: z.strictObject({ name: z.string() }),
        }),
        quantity: whole.min(1),
      }),
    )
    .min(1),
  metadata: METADATA,
  ...EXPAND,
});

export const PAYMENTS = [
  method('charges.retrieve', ['GET', '/charges/:id'], z.strictObject(EXPAND), ({ account, id }) => {
    const found = account.find('charge', id);
    if (found === undefined) throw missing(`charge: '${id}'`, 'id');
    return structuredClone(found);
  }),
  method(
    'charges.list',
    ['GET', '/charges'],
    z.strictObject({ customer: z.string().optional(), created: CREATED, ...PAGING }),
    ({ account, params }) => {
      const { customer, created } = params;
      const found = account.objects.charge.filter(
        (one) => isWithin(one.created, created) && (customer === undefined || one['customer'] === customer),
      );
      return page('/v1/charges', found, params);
    },
  ),
  method('refunds.create', ['POST', '/refunds'], refundSchema, ({ account, params, done }) => {
    const charge = account.find('charge', params.charge);
    if (charge === undefined) throw missing(`charge: '${params.charge}'`, 'charge');
    const left = Number(charge['amount']) - Number(charge['amount_refunded']);
    if (charge['status'] !== 'succeeded') throw new StripeError('This charge has failed.', { code: 'charge_not_refundable' });
    if (left === 0) throw new StripeError('Charge has already been refunded.', { code: 'charge_already_refunded' });
    const { amount = left, reason = null, metadata } = params;
    if (amount > left)
      throw new StripeError(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left}).`, {
        param: 'amount',
      });
    Object.assign(charge, { amount_refunded: Number(charge['amount_refunded']) + amount, refunded: amount === left });
    const about = { charge: charge.id, payment_intent: null, currency: charge['currency'], status: 'succeeded' };
    const made = account.add('refund', { amount, reason, metadata, ...about });
    done('refund.created', made);
    return made;
  }),
  method(
    'refunds.list',
    ['GET', '/refunds'],
    z.strictObject({ charge: z.string().optional(), created: CREATED, ...PAGING }),
    ({ account, params }) => {
      const { charge, created } = params;
      const found = account.objects.refund.filter(
        (one) => isWithin(one.created, created) && (charge === undefined || one['charge'] === charge),
      );
      return page('/v1/refunds', found, params);
    },
  ),
  method('payment_links.create', ['POST', '/payment_links'], linkSchema, ({ account, params, done }) => {
    const [item] = params.line_items;
    const made = account.add('payment_link', { active: true, currency: item?.price_data.currency, metadata: params.metadata });
    // A link does not say when it was made.
    Object.assign(made, { url: `https://buy.stripe.example/test_${made.id}` });
    done('payment_link.created', made, { items: params.line_items });
    const { created: _created, ...shown } = made;
    return shown;
  }),
];
