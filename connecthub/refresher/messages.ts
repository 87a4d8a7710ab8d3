import type { AuditEntry } from '../../db/client.ts';
import type { ConnectionToken } from '../tokens/connection-token.ts';
import type { RefreshOutcome } from '../tokens/refresh.ts';

/** From ConnectHub to its refresher: refresh this connection. Tokens in the row are sealed. */
export interface RefreshRequest {
  readonly id: number;
  readonly orgId: string;
  readonly row: ConnectionToken;
}

/** From the refresher: what it committed, for the figures and the kept answers of the process that serves, and how a refresh ended. */
export type RefresherMessage =
  | { readonly committed: readonly AuditEntry[]; readonly orgId: string }
  | { readonly id: number; readonly outcome: RefreshOutcome }
  | { readonly id: number; readonly error: string };
