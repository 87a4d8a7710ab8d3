/** What scripts may rely on. Written out in `clancy --help`. */
export const EXIT = {
  ok: 0,
  refused: 1,
  usage: 2,
  notSignedIn: 3,
  unreachable: 4,
  runNotCompleted: 5,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.ok, 'done'],
  [EXIT.refused, 'the service refused; the problem is on stderr (as JSON with --json)'],
  [EXIT.usage, 'the command was not understood'],
  [EXIT.notSignedIn, 'not signed in, or the token is not accepted (any more)'],
  [EXIT.unreachable, 'a service cannot be reached'],
  [EXIT.runNotCompleted, 'the watched run ended, but not completed'],
];

/** The command was not understood: what is wrong with it, as a sentence. */
export class UsageError extends Error {}

/** Neither the environment nor a development stack says who is asking. */
export class NotSignedInError extends Error {}

/** The watched run failed or was interrupted. */
export class RunNotCompletedError extends Error {}

/** Some of what was asked for at once was refused; the answer has said which. */
export class SomeRefusedError extends Error {}
