import type { Account } from './account.ts';
import { newCharge, newCustomer } from './objects.ts';

/** Customers and payments of a small bindery; two customers share an address, and one pays in yen. */
export function seed(account: Account): void {
  const [hillside, , , kyoto] = [
    { id: 'cus_hillside', name: 'Hillside Roofing', email: 'office@hillside.example' },
    { id: 'cus_twin1', name: 'Marsh & Sons', email: 'books@marsh.example' },
    { id: 'cus_twin2', name: 'Marsh Catering', email: 'books@marsh.example' },
    { id: 'cus_kyoto', name: 'Kyoto Papers', email: 'desk@kyoto.example' },
  ].map((members) => account.add('customer', newCustomer(members)));
  account.add('charge', newCharge({ id: 'ch_rebinding', amount: 12_000, currency: 'usd', customer: hillside?.id ?? null }));
  account.add('charge', newCharge({ id: 'ch_paper', amount: 500, currency: 'jpy', customer: kyoto?.id ?? null }));
  const declined = { status: 'failed', paid: false, failure_code: 'card_declined' };
  account.add('charge', newCharge({ id: 'ch_declined', amount: 700, currency: 'usd', customer: null, ...declined }));
}
