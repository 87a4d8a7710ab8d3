import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { CollectCapability, EffectCapability, ProviderReader } from '../definition.ts';
import { readBody, text } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';
import { COMMON, posting, WRITE } from './facts.ts';
import { findMarked, marked } from './find.ts';
import { READ_WRITE } from './oauth.ts';
import { readPage } from './page.ts';
import {
  CURSOR_PARAMETER,
  EMAIL_PARAMETER,
  idParameter,
  limitParameter,
  objectSchema,
  pageSchema,
  TEXT,
  textParameter,
} from './schemas.ts';
import { customerSchema, instant, present, type Customer } from './wire.ts';

const DEFAULT_LIMIT = 50;

const CUSTOMER: JsonObject = objectSchema(
  { id: TEXT, name: TEXT, email: TEXT, phone: TEXT, description: TEXT, currency: TEXT, created: TEXT },
  ['id', 'created'],
);

function toCustomer(customer: Customer): JsonObject {
  const { id, name, email, phone, description, currency } = customer;
  return {
    id,
    created: instant(customer.created),
    ...present({ name, email, phone, description, currency: currency?.toUpperCase() }),
  };
}

/**
 * The id of a customer named by id or by address. Stripe lets several have the same.
 *
 * @throws ProviderRefusal `customer_not_found` or `customer_ambiguous`: nobody is billed on a guess
 */
export async function resolveCustomer(who: string, reader: ProviderReader): Promise<string> {
  if (who.startsWith('cus_')) return who;
  const body = await reader.read('customers', { email: who, limit: 2 });
  const [found, another] = readBody(z.looseObject({ data: z.array(customerSchema) }), body).data;
  if (found && !another) return found.id;
  const reason = found ? 'customer_ambiguous' : 'customer_not_found';
  throw new ProviderRefusal({ code: 'provider_refused', reason, retryable: true });
}

export const customerList: CollectCapability = {
  ...COMMON,
  capability: 'customer.list',
  title: 'List customers',
  description: 'Lists customers, the newest first, or finds those with an email address.',
  permission: 'customer.read',
  risk: 'read',
  summaryParameter: 'email',
  inputSchema: objectSchema(
    {
      email: { ...EMAIL_PARAMETER, description: 'Only those with exactly this address.' },
      limit: limitParameter(DEFAULT_LIMIT),
      cursor: CURSOR_PARAMETER,
    },
    [],
  ),
  outputSchema: pageSchema('customers', CUSTOMER),
  collect: async (parameters, reader) => {
    const args = { email: text(parameters, 'email') || undefined };
    const list = { method: 'customers', args, schema: customerSchema, defaultLimit: DEFAULT_LIMIT };
    const { items, next } = await readPage(reader, list, parameters);
    return { customers: items.map(toCustomer), ...next };
  },
};

export const customerGet: CollectCapability = {
  ...COMMON,
  capability: 'customer.get',
  title: 'Read a customer',
  description: 'Reads one customer.',
  permission: 'customer.read',
  risk: 'read',
  summaryParameter: 'id',
  inputSchema: objectSchema({ id: idParameter('cus', "The customer's id.") }, ['id']),
  outputSchema: CUSTOMER,
  collect: async (parameters, reader) =>
    toCustomer(readBody(customerSchema, await reader.read(`customers/${text(parameters, 'id')}`, {}))),
};

/** https://docs.stripe.com/api/customers/create */
export const customerCreate: EffectCapability = {
  ...WRITE,
  capability: 'customer.create',
  title: 'Create a customer',
  description: 'Creates a customer. Stripe does not mind two of the same name or address.',
  permission: 'customer.write',
  summaryParameter: 'email',
  inputSchema: objectSchema(
    {
      name: textParameter(256, 'A person or a business.'),
      email: EMAIL_PARAMETER,
      phone: { type: 'string', minLength: 3, maxLength: 20 },
      description: textParameter(350, 'For the own people only.'),
    },
    ['name', 'email'],
  ),
  outputSchema: CUSTOMER,
  request: (parameters, context) => posting('customers', { ...parameters, ...marked(context.nativeKey) }, context),
  result: (body) => toCustomer(readBody(customerSchema, body)),
  effectId: (result) => text(result, 'id'),
  lookup: {
    scopes: [READ_WRITE],
    byMarkerAlone: true,
    find: async (_parameters, context) => {
      const found = await findMarked(context, 'customers');
      return found && toCustomer(readBody(customerSchema, found));
    },
  },
};
