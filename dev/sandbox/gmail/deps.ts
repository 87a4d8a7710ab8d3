import type { ClientCredentials } from '../core/client-auth.ts';
import type { CodeStore } from '../core/codes.ts';
import type { Machinery } from '../core/machinery.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { Quota } from './quota.ts';

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

export interface GmailDeps {
  machinery: Machinery;
  mailboxes: Mailboxes;
  quota: Quota;
  codes: CodeStore<Consent>;
  client: ClientCredentials;
}
