import { isGrpcServiceError } from '@temporalio/client';
import { ClancyError } from '../../contracts/errors.ts';

/** gRPC status codes under which the same call may succeed later: https://grpc.io/docs/guides/status-codes/ */
const PASSING = new Set([1, 4, 8, 10, 14]);

/** gRPC status NOT_FOUND. */
export function isNotFound(code: unknown): boolean {
  return code === 5;
}

/** INVALID_ARGUMENT: the same call fails alike whenever it is repeated. */
const REFUSED = new Set([3]);

/** Why Temporal refuses what a schedule says, now and whenever it is asked again; undefined for every other error. */
export function refusedArgument(error: unknown): string | undefined {
  // What the SDK makes of "Invalid schedule spec".
  if (error instanceof TypeError) return error.message;
  for (let link: unknown = error; link instanceof Error; link = link.cause) {
    if (isGrpcServiceError(link) && REFUSED.has(link.code)) return link.details;
  }
  return undefined;
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
