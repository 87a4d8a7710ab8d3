import { canonicalHash } from '../../contracts/digest.ts';
import { ClancyError } from '../../contracts/errors.ts';
import type { VersionRow } from './find.ts';

/**
 * A version is what it was when it was made: its content has the hash that was kept with it. Asked before anything begins
 * or goes on with it.
 *
 * @throws ClancyError `content_mismatch`
 */
export function assertIntact({ employeeId, version, definition, contentHash }: VersionRow): void {
  if (canonicalHash(definition) === contentHash) return;
  throw new ClancyError('content_mismatch', `Version ${version} of ${employeeId} is not what it was when it was made.`, {
    next: 'Nothing is started of it. Activate another version, and find out who changed the database.',
  });
}
