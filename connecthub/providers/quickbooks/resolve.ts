import type { ProviderReader } from '../definition.ts';
import { ProviderRefusal } from '../refusal.ts';
import { runQuery, type Condition, type Query } from './query.ts';
import { customerSchema, namedSchema, type Customer } from './wire.ts';

type Named = 'Vendor' | 'Customer' | 'Item' | 'Account';

/** What people call each of them by. */
const NAME_OF: { readonly [entity in Named]: string } = {
  Vendor: 'DisplayName',
  Customer: 'DisplayName',
  Item: 'Name',
  Account: 'Name',
};

/**
 * The id of somebody or something named by id or by exact name. Runs of digits are ids.
 *
 * @throws ProviderRefusal `{entity}_not_found` or `{entity}_ambiguous`: nothing is booked on a guess
 */
export async function resolveId(entity: Named, who: string, reader: ProviderReader): Promise<string> {
  if (/^\d{1,20}$/.test(who)) return who;
  const where: Condition[] = [{ property: NAME_OF[entity], operator: '=', value: who }];
  const { list } = await runQuery(reader, { entity, where, maxResults: 2 }, namedSchema);
  const [found, another] = list;
  if (!found) throw refusal(`${entity.toLowerCase()}_not_found`);
  if (another) throw refusal(`${entity.toLowerCase()}_ambiguous`);
  return found.Id;
}

/** A condition on a reference by id or name; none where nobody is named. */
export async function referring(property: string, entity: Named, who: string, reader: ProviderReader): Promise<Condition[]> {
  return who === '' ? [] : [{ property, operator: '=', value: await resolveId(entity, who, reader) }];
}

/** The service that lines are sold as where none is named: "Services", as QuickBooks sets up for everybody, or the only one. */
export async function defaultItem(reader: ProviderReader): Promise<string> {
  const where: Condition[] = [{ property: 'Type', operator: '=', value: 'Service' }];
  const query: Query = { entity: 'Item', where, orderBy: 'Name', maxResults: 100 };
  const { list } = await runQuery(reader, query, namedSchema);
  const item = list.find((one) => one['Name'] === 'Services') ?? (list.length === 1 ? list[0] : undefined);
  if (!item) throw refusal('item_needed');
  return item.Id;
}

/** Customers by id, for what invoices do not say. At most a thousand are asked for at once. */
export async function customersOf(ids: readonly string[], reader: ProviderReader): Promise<Map<string, Customer>> {
  const unique = [...new Set(ids)];
  if (unique.length === 0) return new Map();
  const where: Condition[] = [{ property: 'Id', operator: 'IN', value: unique }];
  const { list } = await runQuery(reader, { entity: 'Customer', where, maxResults: unique.length }, customerSchema);
  return new Map(list.map((customer) => [customer.Id, customer]));
}

function refusal(reason: string): ProviderRefusal {
  return new ProviderRefusal({ code: 'provider_refused', reason, retryable: true });
}
