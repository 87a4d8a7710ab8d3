import { z } from 'zod';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { CollectCapability, EffectCapability, ProviderReader } from '../definition.ts';
import { optional, readBody, text } from '../parameters.ts';
import { BILL, toBill } from './bill-view.ts';
import { dueConditions } from './due.ts';
import { COMMON, creating, NATIVE } from './facts.ts';
import { linesOf } from './lines.ts';
import { findMarked, withMarker } from './marker.ts';
import { moneyOf } from './money.ts';
import { ACCOUNTING } from './oauth.ts';
import { runLimited } from './query.ts';
import { referring, resolveId } from './resolve.ts';
import {
  AMOUNT_PARAMETER,
  CURRENCY_PARAMETER,
  DATE_PARAMETER,
  described,
  limitParameter,
  listSchema,
  objectSchema,
  textParameter,
  whoParameter,
} from './schemas.ts';
import { billSchema, present } from './wire.ts';

const DEFAULT_LIMIT = 100;

export const billList: CollectCapability = {
  ...COMMON,
  capability: 'bill.list',
  title: 'List supplier bills',
  description: 'Lists or searches bills of suppliers, the longest due first.',
  permission: 'bill.read',
  risk: 'read',
  summaryParameter: 'status',
  inputSchema: objectSchema(
    {
      status: {
        type: 'string',
        enum: ['open', 'overdue', 'paid', 'all'],
        default: 'all',
        description: 'open: not paid in full, late ones included; overdue: not paid and past due.',
      },
      vendor: whoParameter('Supplier'),
      due_within_days: {
        type: 'integer',
        minimum: 0,
        maximum: 3_650,
        description: 'Only unpaid ones due by then, late ones included.',
      },
      due_before: described(DATE_PARAMETER, 'Only what is due before this day.'),
      limit: limitParameter(200, DEFAULT_LIMIT),
    },
    [],
  ),
  outputSchema: listSchema('bills', BILL),
  collect: async (parameters, reader) => {
    const vendor = await referring('VendorRef', 'Vendor', text(parameters, 'vendor'), reader);
    const where = [...vendor, ...(await dueConditions(parameters, reader))];
    const limit = Number(optional(parameters, 'limit') ?? DEFAULT_LIMIT);
    const found = await runLimited(reader, { entity: 'Bill', where, orderBy: 'DueDate' }, limit, billSchema);
    return { bills: found.list.map((bill) => toBill(bill, found.today)), truncated: found.truncated };
  },
};

async function prepare(parameters: JsonObject, reader: ProviderReader): Promise<JsonObject> {
  const vendor = await resolveId('Vendor', text(parameters, 'vendor'), reader);
  const lines: Json[] = [];
  for (const line of linesOf(parameters))
    lines.push({ ...line, account: await resolveId('Account', text(line, 'account'), reader) });
  return { ...parameters, vendor, lines };
}

/** https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/bill#create-a-bill */
function toBody(parameters: JsonObject, nativeKey: string): JsonObject {
  return {
    VendorRef: { value: text(parameters, 'vendor') },
    CurrencyRef: { value: text(parameters, 'currency') },
    Line: linesOf(parameters).map((line) => ({
      DetailType: 'AccountBasedExpenseLineDetail',
      Amount: line['amount'] ?? null,
      AccountBasedExpenseLineDetail: { AccountRef: { value: text(line, 'account') } },
      ...present({ Description: text(line, 'description') }),
    })),
    PrivateNote: withMarker(undefined, nativeKey),
    ...present({
      TxnDate: text(parameters, 'date'),
      DueDate: text(parameters, 'due_date'),
      DocNumber: text(parameters, 'number'),
    }),
  };
}

const madeSchema = z.looseObject({ Bill: billSchema, time: z.iso.datetime({ offset: true }) });

export const billCreate: EffectCapability = {
  ...NATIVE,
  capability: 'bill.create',
  title: 'Enter a supplier bill',
  description: 'Enters a bill that a supplier has sent. It is not paid by that.',
  permission: 'bill.write',
  summaryParameter: 'vendor',
  inputSchema: objectSchema(
    {
      vendor: whoParameter('Supplier'),
      currency: CURRENCY_PARAMETER,
      lines: {
        type: 'array',
        minItems: 1,
        maxItems: 50,
        items: objectSchema(
          {
            account: whoParameter('Account of the expense'),
            amount: AMOUNT_PARAMETER,
            description: textParameter(4_000, 'What it is for.'),
          },
          ['account', 'amount'],
        ),
      },
      number: textParameter(21, "The supplier's number of the bill."),
      date: described(DATE_PARAMETER, 'Of the bill; today when absent.'),
      due_date: described(DATE_PARAMETER, "When absent, by the supplier's terms."),
    },
    ['vendor', 'currency', 'lines'],
  ),
  outputSchema: BILL,
  money: moneyOf,
  prepare,
  request: (parameters, context) => creating('bill', toBody(parameters, context.nativeKey), context),
  result: (body) => {
    const made = readBody(madeSchema, body);
    return toBill(made.Bill, made.time.slice(0, 10));
  },
  effectId: (result) => text(result, 'id'),
  lookup: {
    scopes: [ACCOUNTING],
    byMarkerAlone: true,
    find: async (_parameters, context) => {
      const found = await findMarked(context, 'Bill', billSchema, ({ PrivateNote }) => PrivateNote);
      return found && toBill(found, new Date(context.sinceMs).toISOString().slice(0, 10));
    },
  },
};
