import { DatabaseError } from 'pg';
import { ClancyError } from '../contracts/errors.ts';

/** PostgreSQL's condition name for a key that exists already. */
const UNIQUE_VIOLATION = '23505';

/**
 * Conditions under which the same work may succeed later: lost connection (08), serialization and deadlock (40),
 * refused sign-in (28), which a password that is being changed gives until the process is started with the new one, out of
 * resources (53), lock not available (55P03), time-out (57014, 25P03), shutdown (57P01 to 57P03).
 */
const PASSING_CONDITION = /^(?:08...|28...|40...|53...|55P03|57014|25P03|57P0[123])$/;

/** Data that no repetition makes fit: a NUL in a text, a number out of range. */
const DATA_EXCEPTION = /^22...$/;

/** Node's words for a server that is not there or went away. */
const CONNECTION_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What `pg` and `pg-pool` say without a code. */
const CONNECTION_MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether a query failed because the key exists already; with `constraint`, because of exactly that one. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const cause = databaseErrorOf(error);
  if (cause?.code !== UNIQUE_VIOLATION) return false;
  return constraint === undefined || cause.constraint === constraint;
}

/**
 * What leaves this folder: passing troubles of the database as `dependency_unavailable`, data that it cannot hold as
 * `invalid_request`, so that nobody tries it again for ever, everything else without the query builder's wrapper, whose
 * message repeats the parameters of the query.
 */
export function toOutsideError(error: unknown): unknown {
  if (error instanceof ClancyError) return error;
  const cause = chainOf(error).at(-1);
  if (isPassing(cause)) {
    return new ClancyError('dependency_unavailable', 'The database cannot be reached right now.', {
      next: 'Try again in a moment.',
      retryAfterMs: 1_000,
      cause,
    });
  }
  const refusal = databaseErrorOf(error);
  if (refusal && DATA_EXCEPTION.test(refusal.code ?? '')) {
    return new ClancyError('invalid_request', 'The database cannot hold a value that was given.', { cause: refusal });
  }
  return refusal ?? error;
}

function isPassing(error: unknown): boolean {
  if (error instanceof DatabaseError) return PASSING_CONDITION.test(error.code ?? '');
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && CONNECTION_ERRORS.has(error.code)) return true;
  return CONNECTION_MESSAGES.test(error.message);
}

function databaseErrorOf(error: unknown): DatabaseError | undefined {
  return chainOf(error).find((link) => link instanceof DatabaseError);
}

/** The error and its causes, outermost first. */
function chainOf(error: unknown): unknown[] {
  const chain: unknown[] = [error];
  for (let link = error; link instanceof Error && link.cause !== undefined && chain.length < 10; link = link.cause) {
    chain.push(link.cause);
  }
  return chain;
}
