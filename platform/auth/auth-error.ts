import { ClancyError } from '../../contracts/errors.ts';

/**
 * Why a token was refused. Machine words for logs and tests; clients only ever see 401.
 * `keys_unavailable` means that the issuer's keys could not be read: the token may be fine.
 */
export type AuthErrorReason =
  | 'malformed'
  | 'header'
  | 'unknown_key'
  | 'keys_unavailable'
  | 'signature'
  | 'expired'
  | 'not_yet_valid'
  | 'lifetime'
  | 'issuer'
  | 'audience'
  | 'party'
  | 'client'
  | 'claims'
  | 'session_pending'
  | 'not_a_person'
  | 'no_organisation';

/** When to try again after the issuer's keys could not be read. */
const KEYS_RETRY_AFTER_MS = 5_000;

/**
 * A refused credential: `unauthenticated`, or `dependency_unavailable` while the issuer's keys cannot be read
 * (nobody is let in, and nobody is told to sign in again). Never carries the token, its claims, or the library's message.
 */
export class AuthError extends ClancyError {
  readonly reason: AuthErrorReason;

  constructor(reason: AuthErrorReason) {
    if (reason === 'keys_unavailable') {
      super('dependency_unavailable', 'The keys that verify this credential cannot be read at the moment.', {
        retryAfterMs: KEYS_RETRY_AFTER_MS,
      });
    } else {
      super('unauthenticated', 'The credential was refused.', { next: 'Send a current token for this service.' });
    }
    this.name = 'AuthError';
    this.reason = reason;
  }
}
