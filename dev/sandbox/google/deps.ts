import type { ClientCredentials } from '../core/client-auth.ts';
import type { CodeStore } from '../core/codes.ts';
import type { Machinery } from '../core/machinery.ts';

/** What a person allowed, waiting to be exchanged. */
export interface Consent {
  team: string;
  redirectUri: string;
  scopes: string[];
  /** S256 challenge (RFC 7636). */
  challenge: string;
  /** A refresh token is given only for `access_type=offline` with `prompt=consent`. */
  isOffline: boolean;
}

/** An account at Google, as far as its consent page and its tokens go. */
export interface GoogleAccount {
  address: string;
  /** Seconds that an access token lives. */
  tokenLifetimeS: number;
}

/** What Google's OAuth needs of the product that it is for. */
export interface GoogleOAuthDeps {
  /** The provider's name. */
  provider: string;
  machinery: Machinery;
  client: ClientCredentials;
  codes: CodeStore<Consent>;
  /** Finds the account of that address, or makes it. */
  ensureAccount(address: string): GoogleAccount;
  /** Where a person lands who chooses no account. */
  homeAddress: string;
  scopes: GoogleScopes;
}

/** The scopes of a product. */
export interface GoogleScopes {
  isKnown(scope: string): boolean;
  /** What a person who leaves `unticked` unticked gives. */
  granted(wanted: readonly string[], unticked: readonly string[]): string[];
}

export const ADDRESS = /^[a-z0-9.+-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/** Google's codes are good for minutes; how many is not said. */
export const CODE_LIFETIME_MS = 600_000;
