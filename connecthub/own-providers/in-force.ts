import { ClancyError } from '../../contracts/errors.ts';
import type { OrgTx } from '../../db/client.ts';
import { findOwn } from './store.ts';

/**
 * Holds a provider at the version that credentials were given for, until the end of the transaction that keeps them: a new
 * version may talk to another server, and waits here to see that there is an account now.
 *
 * @throws ClancyError `conflict`
 */
export async function assertInForce(tx: OrgTx, provider: string, version: number): Promise<void> {
  const row = await findOwn(tx, provider, 'key share');
  if (row?.removedAt === null && row.version === version) return;
  throw new ClancyError('conflict', 'The provider was changed while the account was being connected.', { next: 'Begin again.' });
}
