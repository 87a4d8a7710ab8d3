import type { Catalogue } from '../../../contracts/capability.ts';
import type { EventFound } from '../triggers/event-of.ts';
import { findCapability } from '../catalogue.ts';

/** What has to be read to know what happened: an event brings little more than the id. */
const READS: { [source: string]: [RegExp, string[]][] } = {
  gmail: [[/./, ['gmail/email.read', 'gmail/email.search', 'gmail/thread.read']]],
  quickbooks: [
    [/\b(?:payments?|donations?|pays?|paid|deposits?|transfers?|gifts?)\b/i, ['quickbooks/payment.list']],
    [/\b(?:bills?|suppliers?|vendors?)\b/i, ['quickbooks/bill.list']],
    [/\binvoices?\b/i, ['quickbooks/invoice.get', 'quickbooks/invoice.list']],
    [/\b(?:customers?|clients?|donors?)\b/i, ['quickbooks/customer.list']],
  ],
};

/** The readings that an event's duties cannot do without, each as alternatives. */
export function termOfEvent({ source, about }: EventFound, catalogue: Catalogue): string[][] {
  const any = READS[source]?.find(([pattern]) => pattern.test(about))?.[1].filter((one) => findCapability(catalogue, one));
  return any && any.length > 0 ? [any] : [];
}
