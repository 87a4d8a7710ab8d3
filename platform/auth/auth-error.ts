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

/** A refused credential. Never carries the token, its claims, or the library's own message. */
export class AuthError extends Error {
  readonly code = 'unauthenticated' as const;
  readonly reason: AuthErrorReason;

  constructor(reason: AuthErrorReason) {
    super(`credential refused: ${reason}`);
    this.name = 'AuthError';
    this.reason = reason;
  }
}
