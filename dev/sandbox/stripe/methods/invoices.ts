import { z } from 'zod';
import { newId } from '../account.ts';
import type { Account, StripeObject } from '../account.ts';
import { missing, StripeError } from '../errors.ts';
import { CREATED, isWithin, page, PAGING } from '../list.ts';
import { newInvoice } from '../objects.ts';
import { EXPAND, METADATA, requireCustomer } from './customers.ts';
import { method } from './method.ts';

interface Line {
  id: string;
  amount: number;
}

const DAY_S = 86_400;
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const whole = z.coerce.number().int();

/** The lines of each invoice stand in their own list, which the invoice shows a part of. */
function linesOf(invoice: StripeObject): Line[] {
  return (invoice['lines'] as { data: Line[] }).data;
}

/** An invoice as it is answered: at most ten of its lines, the rest by their own list. */
function shown(invoice: StripeObject): Record<string, unknown> {
  const url = `/v1/invoices/${invoice.id}/lines`;
  const data = linesOf(invoice);
  const lines = { object: 'list', url, has_more: data.length > 10, total_count: data.length, data: data.slice(0, 10) };
  return structuredClone({ ...invoice, lines });
}

function requireInvoice(account: Account, id: string): StripeObject {
  const found = account.find('invoice', id);
  if (found === undefined) throw missing(`invoice: '${id}'`, 'id');
  return found;
}

const createSchema = z.strictObject({
  customer: z.string(),
  currency: z
    .string()
    .regex(/^[a-z]{3}$/)
    .default('usd'),
  collection_method: z.enum(['charge_automatically', 'send_invoice']).default('charge_automatically'),
  days_until_due: whole.min(0).optional(),
  description: z.string().optional(),
  auto_advance: flag.default(false),
  pending_invoice_items_behavior: z.enum(['include', 'exclude']).default('exclude'),
  metadata: METADATA,
  ...EXPAND,
});

const addLinesSchema = z.strictObject({
  lines: z
    .array(z.strictObject({ description: z.string().optional(), amount: whole, metadata: METADATA }))
    .min(1)
    .max(250),
  ...EXPAND,
});

function addLines(invoice: StripeObject, lines: z.infer<typeof addLinesSchema>['lines']): void {
  if (invoice['status'] !== 'draft')
    throw new StripeError('This invoice is no longer editable.', { code: 'invoice_not_editable' });
  for (const { description = null, amount, metadata } of lines) {
    const common = { id: newId('il'), object: 'line_item', invoice: invoice.id, currency: invoice['currency'], livemode: false };
    linesOf(invoice).push({
      ...common,
      amount,
      subtotal: amount,
      description,
      metadata,
      quantity: 1,
      quantity_decimal: '1',
    } as Line);
  }
  const total = linesOf(invoice).reduce((sum, line) => sum + line.amount, 0);
  Object.assign(invoice, { subtotal: total, total, amount_due: total, amount_remaining: total });
}

function finalize(account: Account, invoice: StripeObject): void {
  const at = Math.floor(account.now() / 1_000);
  const number = `MILL-${String((account.nextNumber += 1)).padStart(4, '0')}`;
  const isPaid = invoice['total'] === 0;
  Object.assign(invoice, {
    number,
    status: isPaid ? 'paid' : 'open',
    hosted_invoice_url: `https://invoice.stripe.example/i/${account.id}/${invoice.id}`,
    status_transitions: { finalized_at: at, paid_at: isPaid ? at : null, voided_at: null, marked_uncollectible_at: null },
  });
}

export const INVOICES = [
  method('invoices.create', ['POST', '/invoices'], createSchema, ({ account, params, done }) => {
    const { expand: _expand, days_until_due: days, pending_invoice_items_behavior: _pending, ...members } = params;
    const customer = requireCustomer(account, params.customer, 'customer');
    if (days === undefined && params.collection_method === 'send_invoice')
      throw new StripeError('You must pass `days_until_due` or `due_date`.', {
        code: 'parameter_missing',
        param: 'days_until_due',
      });
    const created = Math.floor(account.now() / 1_000);
    const due = { due_date: days === undefined ? null : created + days * DAY_S };
    const whose = { customer_name: customer['name'], customer_email: customer['email'] };
    const made = account.add('invoice', newInvoice({ ...members, ...due, ...whose, lines: { data: [] } }));
    done('invoice.created', made);
    return shown(made);
  }),
  method('invoices.retrieve', ['GET', '/invoices/:id'], z.strictObject(EXPAND), ({ account, id }) =>
    shown(requireInvoice(account, id)),
  ),
  method(
    'invoices.list',
    ['GET', '/invoices'],
    z.strictObject({
      customer: z.string().optional(),
      status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
      created: CREATED,
      ...PAGING,
    }),
    ({ account, params }) => {
      const { customer, status, created } = params;
      const found = account.objects.invoice.filter(
        (one) =>
          isWithin(one.created, created) &&
          (customer === undefined || one['customer'] === customer) &&
          (status === undefined || one['status'] === status),
      );
      const answer = page('/v1/invoices', found, params);
      return { ...answer, data: (answer['data'] as StripeObject[]).map(shown) };
    },
  ),
  method('invoices.lines', ['GET', '/invoices/:id/lines'], z.strictObject(PAGING), ({ account, id, params }) =>
    page(`/v1/invoices/${id}/lines`, linesOf(requireInvoice(account, id)).toReversed(), params),
  ),
  method('invoices.add_lines', ['POST', '/invoices/:id/add_lines'], addLinesSchema, ({ account, id, params, done }) => {
    const invoice = requireInvoice(account, id);
    addLines(invoice, params.lines);
    done('invoice.updated', invoice);
    return shown(invoice);
  }),
  method(
    'invoices.finalize',
    ['POST', '/invoices/:id/finalize'],
    z.strictObject({ auto_advance: flag.optional(), ...EXPAND }),
    ({ account, id, done }) => {
      const invoice = requireInvoice(account, id);
      if (invoice['status'] !== 'draft')
        throw new StripeError('This invoice is already finalized.', { code: 'invoice_not_editable' });
      finalize(account, invoice);
      done('invoice.finalized', invoice);
      return shown(invoice);
    },
  ),
  method('invoices.send', ['POST', '/invoices/:id/send'], z.strictObject(EXPAND), ({ account, id, done }) => {
    const invoice = requireInvoice(account, id);
    if (invoice['collection_method'] !== 'send_invoice')
      throw new StripeError('You can only manually send an invoice if its collection method is `send_invoice`.');
    if (!['draft', 'open'].includes(String(invoice['status'])))
      throw new StripeError('You can only send an invoice that is open.', { code: 'invoice_not_editable' });
    if (invoice['status'] === 'draft') finalize(account, invoice);
    done('invoice.sent', invoice);
    return shown(invoice);
  }),
];
