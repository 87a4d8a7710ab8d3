import { CommanderError } from 'commander';
import { expect, it } from 'vitest';
import { ProblemError, UnreachableError, type ProblemAnswer } from './client/problem-error.ts';
import { NotSignedInError, RunNotCompletedError, UsageError } from './exit-codes.ts';
import { toFailure } from './failures.ts';

const problem: ProblemAnswer = {
  title: 'Invalid request',
  status: 400,
  code: 'invalid_request',
  detail: 'The request does not fit its contract.',
  fields: [{ field: '/name', message: 'too long\u001b[2K' }],
  next: 'See /docs.',
  instance: 'urn:uuid:1',
};

it.each([
  [new ProblemError(problem), 1],
  [new ProblemError({ ...problem, status: 503, code: 'dependency_unavailable' }), 1],
  [new ProblemError({ ...problem, status: 401, code: 'unauthenticated' }), 3],
  [new UsageError('no'), 2],
  [new RangeError('no identifier'), 2],
  [new CommanderError(1, 'commander.unknownOption', 'said already'), 2],
  [new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)'), 0],
  [new NotSignedInError('who?'), 3],
  [new UnreachableError('http://127.0.0.1:1/x', 'cannot be reached.'), 4],
  [new RunNotCompletedError('failed'), 5],
])('ends with a code of its own for %s', (thrown, exitCode) => {
  expect(toFailure(thrown, false).exitCode).toBe(exitCode);
});

it('words a problem with its code, fields and next step', () => {
  expect(toFailure(new ProblemError(problem, 3), false).text).toBe(
    [
      'Invalid request (invalid_request)',
      '  The request does not fit its contract.',
      'Fields',
      '  /name  too long',
      'Next: See /docs.',
      'Try again in 3 s.',
      'Request: urn:uuid:1',
    ].join('\n'),
  );
});

it('gives programs the problem itself', () => {
  expect(JSON.parse(toFailure(new ProblemError(problem), true).text)).toEqual(problem);
  const away = toFailure(new UnreachableError('http://127.0.0.1:1/x', 'cannot be reached.'), true);
  expect(JSON.parse(away.text)).toEqual({ code: 'unreachable', detail: 'http://127.0.0.1:1 cannot be reached.' });
});

it('does not hide a fault of our own behind an exit code', () => {
  expect(() => toFailure(new TypeError('a bug'), false)).toThrow('a bug');
});
