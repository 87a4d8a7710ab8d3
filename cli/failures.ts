import { CommanderError } from 'commander';
import { ClancyError } from '../contracts/errors.ts';
import { ProblemError, UnreachableError } from './client/problem-error.ts';
import { EXIT, NotSignedInError, RunNotCompletedError, SomeRefusedError, UsageError, type ExitCode } from './exit-codes.ts';
import { oneLine, plainText, safeJson } from './output/plain-text.ts';
import { fields, indent, section } from './output/table.ts';

export interface Failure {
  readonly exitCode: ExitCode;
  /** For stderr; empty when everything has been said. */
  readonly text: string;
}

/** What a thrown value means to the shell, and how it is told. The one place where errors become words and exit codes. */
export function toFailure(thrown: unknown, isJson: boolean): Failure {
  if (thrown instanceof CommanderError) return { exitCode: thrown.exitCode === 0 ? EXIT.ok : EXIT.usage, text: '' };
  if (thrown instanceof ProblemError) return refusal(thrown, isJson);
  const code = localCode(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const text = isJson ? safeJson({ code: code.name, detail: message }, 2) : plainText(message);
  return { exitCode: code.exit, text };
}

function refusal(error: ProblemError, isJson: boolean): Failure {
  const exitCode = error.problem.status === 401 ? EXIT.notSignedIn : EXIT.refused;
  return { exitCode, text: isJson ? safeJson(error.problem, 2) : plainText(renderProblem(error)) };
}

/** A problem as people read it: what, why, which fields, what next. */
function renderProblem({ problem, retryAfterSeconds }: ProblemError): string {
  const failing = (problem.fields ?? []).map(({ field, message }) => [field, message] as const);
  return [
    `${oneLine(problem.title)} (${oneLine(problem.code)})`,
    ...(problem.detail === undefined ? [] : [indent(plainText(problem.detail))]),
    ...section('Fields', fields(failing)),
    ...(problem.next === undefined ? [] : [`Next: ${oneLine(problem.next)}`]),
    ...(retryAfterSeconds === undefined ? [] : [`Try again in ${retryAfterSeconds} s.`]),
    ...(problem.instance === undefined ? [] : [`Request: ${oneLine(problem.instance)}`]),
  ].join('\n');
}

/** Of `clancy keys`, which speaks with the database and the key service itself. */
const AWAY: ReadonlySet<string> = new Set(['dependency_unavailable', 'key_service_unavailable']);

function localCode(thrown: unknown): { name: string; exit: ExitCode } {
  if (thrown instanceof NotSignedInError) return { name: 'not_signed_in', exit: EXIT.notSignedIn };
  if (thrown instanceof UnreachableError) return { name: 'unreachable', exit: EXIT.unreachable };
  if (thrown instanceof RunNotCompletedError) return { name: 'run_not_completed', exit: EXIT.runNotCompleted };
  if (thrown instanceof SomeRefusedError) return { name: 'some_refused', exit: EXIT.refused };
  // A RangeError is `path`'s: an identifier that is none.
  if (thrown instanceof UsageError || thrown instanceof RangeError) return { name: 'usage', exit: EXIT.usage };
  if (thrown instanceof ClancyError) return { name: thrown.code, exit: AWAY.has(thrown.code) ? EXIT.unreachable : EXIT.refused };
  throw thrown;
}
