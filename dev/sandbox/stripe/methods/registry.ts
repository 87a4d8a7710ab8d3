import { z } from 'zod';
import { CREATED, isWithin, page, PAGING } from '../list.ts';
import { CUSTOMERS, EXPAND } from './customers.ts';
import { INVOICES } from './invoices.ts';
import { method } from './method.ts';
import type { StripeMethod } from './method.ts';
import { PAYMENTS } from './payments.ts';

const ACCOUNT = method('account.retrieve', ['GET', '/account'], z.strictObject(EXPAND), ({ account }) => ({
  id: account.id,
  object: 'account',
  type: 'standard',
  country: 'US',
  default_currency: 'usd',
  business_profile: { name: account.name },
  settings: { dashboard: { display_name: account.name } },
}));

const EVENTS = method(
  'events.list',
  ['GET', '/events'],
  z.strictObject({ type: z.string().optional(), created: CREATED, ...PAGING }),
  ({ account, params }) => {
    const { type, created } = params;
    const found = account.objects.event.filter(
      (one) => isWithin(one.created, created) && (type === undefined || one['type'] === type),
    );
    return page('/v1/events', found, params);
  },
);

export const METHODS: readonly StripeMethod[] = [ACCOUNT, EVENTS, ...CUSTOMERS, ...INVOICES, ...PAYMENTS];
