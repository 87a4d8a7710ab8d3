import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { CollectCapability, EffectCapability } from '../definition.ts';
import { optional, readBody, text } from '../parameters.ts';
import { COMMON, creating, NATIVE } from './facts.ts';
import { findMarked, withMarker, withoutMarker } from './marker.ts';
import { ACCOUNTING } from './oauth.ts';
import { containing, runLimited, type Condition } from './query.ts';
import { EMAIL_PARAMETER, limitParameter, listSchema, objectSchema, TEXT, textParameter } from './schemas.ts';
import { customerSchema, present, type Customer } from './wire.ts';

const DEFAULT_LIMIT = 100;
const MAX_NOTES = 500;

const CUSTOMER: JsonObject = objectSchema(
  {
    id: TEXT,
    name: TEXT,
    company: TEXT,
    email: TEXT,
    phone: TEXT,
    balance: { type: 'number', description: 'What they owe altogether.' },
    currency: TEXT,
    notes: TEXT,
  },
  ['id', 'name', 'balance'],
);

function toCustomer(customer: Customer): JsonObject {
  return {
    id: customer.Id,
    name: customer.DisplayName,
    balance: customer.Balance ?? 0,
    ...present({
      company: customer.CompanyName,
      email: customer.PrimaryEmailAddr?.Address,
      phone: customer.PrimaryPhone?.FreeFormNumber,
      currency: customer.CurrencyRef?.value,
      notes: withoutMarker(customer.Notes).slice(0, MAX_NOTES),
    }),
  };
}

/** An address is compared as a whole, a name by a part of it. */
function matching(query: string): Condition[] {
  if (query === '') return [];
  if (/^[^\s@]+@[^\s@]+$/.test(query)) return [{ property: 'PrimaryEmailAddr', operator: '=', value: query }];
  return [{ property: 'DisplayName', operator: 'LIKE', value: containing(query) }];
}

export const customerList: CollectCapability = {
  ...COMMON,
  capability: 'customer.list',
  title: 'List customers',
  description: 'Lists or searches the active customers, by name.',
  permission: 'customer.read',
  risk: 'read',
  summaryParameter: 'query',
  inputSchema: objectSchema(
    {
      query: textParameter(254, 'Part of a name, or an email address.'),
      min_balance: { type: 'number', exclusiveMinimum: 0, description: 'Only who owes at least so much.' },
      limit: limitParameter(200, DEFAULT_LIMIT),
    },
    [],
  ),
  outputSchema: listSchema('customers', CUSTOMER),
  collect: async (parameters, reader) => {
    const minBalance = optional(parameters, 'min_balance');
    const owing: Condition[] =
      minBalance === undefined ? [] : [{ property: 'Balance', operator: '>=', value: String(minBalance) }];
    const where = [...matching(text(parameters, 'query')), ...owing];
    const limit = Number(optional(parameters, 'limit') ?? DEFAULT_LIMIT);
    const found = await runLimited(reader, { entity: 'Customer', where, orderBy: 'DisplayName' }, limit, customerSchema);
    return { customers: found.list.map(toCustomer), truncated: found.truncated };
  },
};

/** https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/customer#create-a-customer */
function toBody(parameters: JsonObject, nativeKey: string): JsonObject {
  const [email, phone, address] = [text(parameters, 'email'), text(parameters, 'phone'), text(parameters, 'address')];
  const lines = address.split(/\r?\n/).map((line, index) => [`Line${index + 1}`, line.trim()]);
  return {
    DisplayName: text(parameters, 'name'),
    Notes: withMarker(text(parameters, 'notes'), nativeKey),
    ...present({ CompanyName: text(parameters, 'company') }),
    ...(email !== '' && { PrimaryEmailAddr: { Address: email } }),
    ...(phone !== '' && { PrimaryPhone: { FreeFormNumber: phone } }),
    ...(address !== '' && { BillAddr: Object.fromEntries(lines.slice(0, 5)) }),
  };
}

const madeSchema = z.looseObject({ Customer: customerSchema });

export const customerCreate: EffectCapability = {
  ...NATIVE,
  capability: 'customer.create',
  title: 'Create a customer',
  description: 'Creates a customer. A name can be there once.',
  permission: 'customer.write',
  summaryParameter: 'name',
  inputSchema: objectSchema(
    {
      name: { type: 'string', minLength: 1, maxLength: 500, pattern: '^[^:\\t\\n]+$', description: 'As it is shown; unique.' },
      email: EMAIL_PARAMETER,
      phone: { type: 'string', minLength: 3, maxLength: 30 },
      company: textParameter(100, 'Where it is not the name.'),
      address: { type: 'string', pattern: '^[^\\n]{1,100}(\\n[^\\n]{1,100}){0,4}$', description: 'At most five lines.' },
      notes: textParameter(1_900, 'For the own people only.'),
    },
    ['name'],
  ),
  outputSchema: CUSTOMER,
  request: (parameters, context) => creating('customer', toBody(parameters, context.nativeKey), context),
  result: (body) => toCustomer(readBody(madeSchema, body).Customer),
  effectId: (result) => text(result, 'id'),
  lookup: {
    scopes: [ACCOUNTING],
    byMarkerAlone: true,
    find: async (_parameters, context) => {
      const found = await findMarked(context, 'Customer', customerSchema, ({ Notes }) => Notes);
      return found && toCustomer(found);
    },
  },
};
