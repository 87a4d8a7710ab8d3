import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { CollectCapability, EffectCapability } from '../definition.ts';
import { optional, readBody, text } from '../parameters.ts';
import { COMMON, creating, NATIVE } from './facts.ts';
import { findMarked, withMarker, withoutMarker } from './marker.ts';
import { moneyOf } from './money.ts';
import { ACCOUNTING } from './oauth.ts';
import { runLimited, type Condition } from './query.ts';
import { referring, resolveId } from './resolve.ts';
import {
  AMOUNT_PARAMETER,
  CURRENCY_PARAMETER,
  DATE_PARAMETER,
  described,
  ID_PARAMETER,
  limitParameter,
  listSchema,
  NUMBER,
  objectSchema,
  TEXT,
  textParameter,
  whoParameter,
} from './schemas.ts';
import { paymentSchema, present, type Payment } from './wire.ts';

const DEFAULT_LIMIT = 100;
const MAX_NOTE = 500;

const PAYMENT: JsonObject = objectSchema(
  {
    id: TEXT,
    date: TEXT,
    customer: TEXT,
    customer_id: TEXT,
    amount: NUMBER,
    unapplied: { type: 'number', description: 'What no invoice is paid with yet.' },
    currency: TEXT,
    reference: TEXT,
    note: TEXT,
    invoice_ids: { type: 'array', items: TEXT },
  },
  ['id', 'customer', 'customer_id', 'amount', 'unapplied', 'invoice_ids'],
);

function toPayment(payment: Payment): JsonObject {
  const linked = payment.Line.flatMap(({ LinkedTxn }) => LinkedTxn ?? []);
  return {
    id: payment.Id,
    customer: payment.CustomerRef.name ?? payment.CustomerRef.value,
    customer_id: payment.CustomerRef.value,
    amount: payment.TotalAmt,
    unapplied: payment.UnappliedAmt ?? 0,
    invoice_ids: linked.filter(({ TxnType }) => TxnType === 'Invoice').map(({ TxnId }) => TxnId),
    ...present({
      date: payment.TxnDate,
      currency: payment.CurrencyRef?.value,
      reference: payment.PaymentRefNum,
      note: withoutMarker(payment.PrivateNote).slice(0, MAX_NOTE),
    }),
  };
}

export const paymentList: CollectCapability = {
  ...COMMON,
  capability: 'payment.list',
  title: 'List payments',
  description: 'Lists or searches payments that customers made, the latest first.',
  permission: 'payment.read',
  risk: 'read',
  summaryParameter: 'customer',
  inputSchema: objectSchema(
    {
      customer: whoParameter('Customer'),
      since: described(DATE_PARAMETER, 'From this day on.'),
      until: described(DATE_PARAMETER, 'Up to and with this day.'),
      min_amount: { type: 'number', minimum: 0 },
      limit: limitParameter(200, DEFAULT_LIMIT),
    },
    [],
  ),
  outputSchema: listSchema('payments', PAYMENT),
  collect: async (parameters, reader) => {
    const [since, until, minAmount] = [text(parameters, 'since'), text(parameters, 'until'), optional(parameters, 'min_amount')];
    const where: Condition[] = [
      ...(await referring('CustomerRef', 'Customer', text(parameters, 'customer'), reader)),
      ...(since === '' ? [] : [{ property: 'TxnDate', operator: '>=' as const, value: since }]),
      ...(until === '' ? [] : [{ property: 'TxnDate', operator: '<=' as const, value: until }]),
      ...(minAmount === undefined ? [] : [{ property: 'TotalAmt', operator: '>=' as const, value: String(minAmount) }]),
    ];
    const limit = Number(optional(parameters, 'limit') ?? DEFAULT_LIMIT);
    const found = await runLimited(reader, { entity: 'Payment', where, orderBy: 'TxnDate DESC' }, limit, paymentSchema);
    return { payments: found.list.map(toPayment), truncated: found.truncated };
  },
};

/** https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/payment#create-a-payment */
function toBody(parameters: JsonObject, nativeKey: string): JsonObject {
  const [amount, invoice] = [parameters['amount'] ?? null, text(parameters, 'invoice_id')];
  return {
    CustomerRef: { value: text(parameters, 'customer') },
    CurrencyRef: { value: text(parameters, 'currency') },
    TotalAmt: amount,
    PrivateNote: withMarker(undefined, nativeKey),
    ...present({ TxnDate: text(parameters, 'date'), PaymentRefNum: text(parameters, 'reference') }),
    ...(invoice !== '' && { Line: [{ Amount: amount, LinkedTxn: [{ TxnId: invoice, TxnType: 'Invoice' }] }] }),
  };
}

const madeSchema = z.looseObject({ Payment: paymentSchema });

export const paymentCreate: EffectCapability = {
  ...NATIVE,
  capability: 'payment.create',
  title: 'Record a payment',
  description: 'Records a payment that a customer has made. It moves no money.',
  permission: 'payment.write',
  summaryParameter: 'customer',
  inputSchema: objectSchema(
    {
      customer: whoParameter('Customer'),
      amount: AMOUNT_PARAMETER,
      currency: CURRENCY_PARAMETER,
      invoice_id: described(ID_PARAMETER, 'Id of the invoice that it pays, at most what is open of it.'),
      date: described(DATE_PARAMETER, 'When it was paid; today when absent.'),
      reference: textParameter(21, "The bank's or the customer's reference."),
    },
    ['customer', 'amount', 'currency'],
  ),
  outputSchema: PAYMENT,
  money: moneyOf,
  prepare: async (parameters, reader) => {
    return { ...parameters, customer: await resolveId('Customer', text(parameters, 'customer'), reader) };
  },
  request: (parameters, context) => creating('payment', toBody(parameters, context.nativeKey), context),
  result: (body) => toPayment(readBody(madeSchema, body).Payment),
  effectId: (result) => text(result, 'id'),
  lookup: {
    scopes: [ACCOUNTING],
    byMarkerAlone: true,
    find: async (_parameters, context) => {
      const found = await findMarked(context, 'Payment', paymentSchema, ({ PrivateNote }) => PrivateNote);
      return found && toPayment(found);
    },
  },
};
