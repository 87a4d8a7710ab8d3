import { isGrpcServiceError, type Connection } from '@temporalio/client';
import type { DecodeHistory } from '../../../platform/payloads/decode-history.ts';
import type { HistoryEvent } from '../../../platform/run-events/history-event.ts';

/** Some events of one execution, and where to go on; no token = the execution is closed and this is its end. */
export interface HistoryPage {
  events: HistoryEvent[];
  token: Uint8Array | undefined;
}

export interface HistorySource {
  /**
   * The next events of an execution; waits for some when there are none yet, and may come back without.
   * `undefined` = there is no such history (any more).
   */
  next(
    execution: { workflowId: string; runId: string },
    token: Uint8Array | undefined,
    signal: AbortSignal,
  ): Promise<HistoryPage | undefined>;
}

/** The server answers a long poll after 20 s at the latest. */
const POLL_TIMEOUT_MS = 40_000;
/** gRPC status NOT_FOUND: https://grpc.io/docs/guides/status-codes/ */
const GONE: ReadonlySet<number> = new Set([5]);

/** Histories from Temporal by long poll. */
export function createHistorySource(options: {
  connection: Connection;
  namespace: string;
  decodeHistory: DecodeHistory;
}): HistorySource {
  const { connection, namespace, decodeHistory } = options;
  return {
    next: async (execution, token, signal) => {
      const request = { namespace, execution, waitNewEvent: true, ...(token && { nextPageToken: token }) };
      // The connection keeps a listener on each signal that it is given: one that lives as long as the call.
      const polling = new AbortController();
      const abort = (): void => polling.abort();
      signal.addEventListener('abort', abort, { once: true });
      try {
        const page = await connection.withAbortSignal(polling.signal, () =>
          connection.withDeadline(Date.now() + POLL_TIMEOUT_MS, () =>
            connection.workflowService.getWorkflowExecutionHistory(request),
          ),
        );
        const next = page.nextPageToken;
        const events = await decodeHistory(execution.workflowId, page.history?.events ?? []);
        return { events, token: next && next.length > 0 ? next : undefined };
      } catch (error) {
        if (isGrpcServiceError(error) && GONE.has(error.code)) return undefined;
        throw error;
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
  };
}
