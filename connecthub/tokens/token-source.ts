import type { ConnectionToken, TokenRow } from './connection-token.ts';
import type { HeldToken } from './tokens.ts';

/** Where the access tokens of some connections come from, when not from their rows. Nobody who uses a token knows. */
export interface TokenSource {
  /** @throws ClancyError `connection_needs_reauth`, or `provider_unavailable` while no token can be had */
  current(orgId: string, row: ConnectionToken): Promise<HeldToken>;
  /** The token of a row that was just read, where one is at hand that works. */
  atHand(orgId: string, row: TokenRow): HeldToken | undefined;
  /** The provider refused the token at hand. */
  forget(orgId: string, connectionId: string): void;
}
