import { z } from 'zod';
import type { Account, StripeObject } from '../account.ts';
import { missing } from '../errors.ts';
import { CREATED, isWithin, page, PAGING } from '../list.ts';
import { newCustomer } from '../objects.ts';
import { method } from './method.ts';

export const METADATA = z.record(z.string().max(40), z.string().max(500)).default({});
export const EXPAND = { expand: z.array(z.string()).optional() };

export function requireCustomer(account: Account, id: string, param: string): StripeObject {
  const found = account.find('customer', id);
  if (found === undefined) throw missing(`customer: '${id}'`, param);
  return found;
}

const createSchema = z.strictObject({
  name: z.string().max(256).optional(),
  email: z.string().max(512).optional(),
  phone: z.string().max(20).optional(),
  description: z.string().optional(),
  metadata: METADATA,
  ...EXPAND,
});

export const CUSTOMERS = [
  method('customers.create', ['POST', '/customers'], createSchema, ({ account, params, done }) => {
    const { expand: _expand, ...members } = params;
    const made = account.add('customer', newCustomer(members));
    done('customer.created', made);
    return made;
  }),
  method('customers.retrieve', ['GET', '/customers/:id'], z.strictObject(EXPAND), ({ account, id }) =>
    requireCustomer(account, id, 'id'),
  ),
  method(
    'customers.list',
    ['GET', '/customers'],
    z.strictObject({ email: z.string().optional(), created: CREATED, ...PAGING }),
    ({ account, params }) => {
      const { email, created } = params;
      const found = account.objects.customer.filter(
        (one) => isWithin(one.created, created) && (email === undefined || one['email'] === email),
      );
      return page('/v1/customers', found, params);
    },
  ),
];
