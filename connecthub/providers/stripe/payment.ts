import type { JsonObject } from '../../../contracts/json.ts';
import type { CollectCapability } from '../definition.ts';
import { text } from '../parameters.ts';
import { resolveCustomer } from './customer.ts';
import { COMMON } from './facts.ts';
import { fromMinor } from './money.ts';
import { readPage } from './page.ts';
import {
  BOOLEAN,
  CURSOR_PARAMETER,
  CUSTOMER_PARAMETER,
  limitParameter,
  NUMBER,
  objectSchema,
  pageSchema,
  TEXT,
} from './schemas.ts';
import { chargeSchema, instant, present, type Charge } from './wire.ts';

const DEFAULT_LIMIT = 50;

const PAYMENT: JsonObject = objectSchema(
  {
    id: TEXT,
    status: { type: 'string', description: 'succeeded, pending or failed.' },
    amount: NUMBER,
    refunded: { type: 'number', description: 'How much of it was given back.' },
    currency: TEXT,
    created: TEXT,
    disputed: BOOLEAN,
    customer_id: TEXT,
    name: TEXT,
    email: TEXT,
    description: TEXT,
    failure: TEXT,
  },
  ['id', 'status', 'amount', 'refunded', 'currency', 'created', 'disputed'],
);

function toPayment(charge: Charge): JsonObject {
  const { id, status, currency, disputed } = charge;
  return {
    id,
    status,
    amount: fromMinor(charge.amount, currency),
    refunded: fromMinor(charge.amount_refunded, currency),
    currency: currency.toUpperCase(),
    created: instant(charge.created),
    disputed,
    ...present({
      customer_id: charge.customer,
      name: charge.billing_details?.name,
      email: charge.billing_details?.email,
      description: charge.description,
      failure: charge.failure_code,
    }),
  };
}

/** https://docs.stripe.com/api/charges/list */
export const paymentList: CollectCapability = {
  ...COMMON,
  capability: 'payment.list',
  title: 'List payments',
  description: 'Lists the charges of customers, the newest first, failed ones included.',
  permission: 'payment.read',
  risk: 'read',
  summaryParameter: 'customer',
  inputSchema: objectSchema({ customer: CUSTOMER_PARAMETER, limit: limitParameter(DEFAULT_LIMIT), cursor: CURSOR_PARAMETER }, []),
  outputSchema: pageSchema('payments', PAYMENT),
  collect: async (parameters, reader) => {
    const who = text(parameters, 'customer');
    const customer = who === '' ? undefined : await resolveCustomer(who, reader);
    const list = { method: 'charges', args: { customer }, schema: chargeSchema, defaultLimit: DEFAULT_LIMIT };
    const { items, next } = await readPage(reader, list, parameters);
    return { payments: items.map(toPayment), ...next };
  },
};
