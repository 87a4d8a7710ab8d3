import { ClancyError } from '../../contracts/errors.ts';

/**
 * Where a person may be led when all is done: an address of the installation's list, character by character. Nothing is
 * parsed, so that no two readings of an address can differ (RFC 9700, 4.1.3 and 4.11).
 *
 * @throws ClancyError `invalid_request`
 */
export function assertReturnTo(allowed: readonly string[], returnTo: string): void {
  if (allowed.includes(returnTo)) return;
  throw new ClancyError('invalid_request', 'return_to is none of the addresses that this installation leads people back to.', {
    next: 'Leave it out, or have the operator add the address to OAUTH_RETURN_TO.',
  });
}
