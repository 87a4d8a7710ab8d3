import { DrizzleQueryError } from 'drizzle-orm';
import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';
import { toOutsideError } from './errors.ts';

function databaseError(code: string): DatabaseError {
  const error = new DatabaseError('from the server', 0, 'error');
  error.code = code;
  return error;
}

const wrapped = (cause: Error) => new DrizzleQueryError('select $1', ['secret'], cause);

describe('an error that leaves the database folder', () => {
  it.each(['08006', '28P01', '40001', '40P01', '53300', '55P03', '57014', '57P01', '57P03', '25P03'])(
    'is dependency_unavailable for the passing condition %s',
    (code) => expect(toOutsideError(wrapped(databaseError(code)))).toMatchObject({ code: 'dependency_unavailable' }),
  );

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND'])('is dependency_unavailable for %s', (code) =>
    expect(toOutsideError(wrapped(Object.assign(new Error('connect'), { code })))).toMatchObject({
      code: 'dependency_unavailable',
    }),
  );

  it.each(['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])(
    'is dependency_unavailable for "%s"',
    (message) => expect(toOutsideError(new Error(message))).toMatchObject({ code: 'dependency_unavailable' }),
  );

  it.each(['22P05', '22P02', '22021', '22003'])('is invalid_request for data that cannot be held (%s)', (code) => {
    const cause = databaseError(code);
    expect(toOutsideError(wrapped(cause))).toMatchObject({ code: 'invalid_request', cause });
  });

  it.each(['23505', '42501'])('stays what the server said for %s', (code) => {
    const cause = databaseError(code);
    expect(toOutsideError(wrapped(cause))).toBe(cause);
  });

  it('stays as it is when it is not about the database', () => {
    const error = new TypeError('a mistake');
    expect(toOutsideError(error)).toBe(error);
  });
});
