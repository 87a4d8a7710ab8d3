import { isGrpcServiceError } from '@temporalio/client';
import { ClancyError } from '../../contracts/errors.ts';

/** gRPC status codes under which the same call may succeed later: https://grpc.io/docs/guides/status-codes/ */
const PASSING = new Set([1, 4, 8, 10, 14]);

/** gRPC status NOT_FOUND. */
export function isNotFound(code: unknown): boolean {
  return code === 5;
}

/** Rethrows: a Temporal that is away, slow or busy as `dependency_unavailable`, everything else as it is. */
export function toTemporalError(error: unknown): never {
  for (let link: unknown = error; link instanceof Error; link = link.cause) {
    if (isGrpcServiceError(link) && PASSING.has(link.code)) {
      throw new ClancyError('dependency_unavailable', 'Temporal cannot be reached right now.', {
        retryAfterMs: 2_000,
        cause: error,
      });
    }
  }
  throw error;
}
