import { ClancyError, type ErrorCode } from '../../contracts/errors.ts';
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
  | { readonly id: number; readonly error: RefreshError };

/** What went wrong, with the code where it is one of ours: a database that is away is to be tried again, a defect is not. */
export interface RefreshError {
  readonly message: string;
  readonly code?: ErrorCode;
  readonly retryAfterMs?: number;
}

export function toError(error: unknown): RefreshError {
  if (!(error instanceof ClancyError)) return { message: error instanceof Error ? error.message : String(error) };
  const { code, message, details } = error;
  return { message, code, ...(details.retryAfterMs !== undefined && { retryAfterMs: details.retryAfterMs }) };
}

export function fromError({ message, code, retryAfterMs }: RefreshError): Error {
  if (code === undefined) return new Error(message);
  return new ClancyError(code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}
